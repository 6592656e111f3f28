"""Who answers on the handsets: one YAML file per persona, the cues they listen for, and how they decide what to say."""

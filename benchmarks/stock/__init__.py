"""Stock Rasa doing the same job durably: what `rasa init` gives, with Jieba and a PostgreSQL tracker store."""

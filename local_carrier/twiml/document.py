"""Reading a document of TwiML: well formed, and nothing in it that the grammar does not know."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from .grammar import NOUNS, ROOT, SPEAKING_TAGS, SSML, VERBS, Shape
from .troubles import PARSE, SCHEMA, TroubleError

LONGEST_SAY = 4096
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Verb:
    """One instruction: its name, its attributes, its words, and what stands inside it."""

    name: str
    attributes: dict[str, str]
    words: str
    inside: tuple["Verb", ...] = ()

    def get(self, name: str, usual: str = "") -> str:
        """Read an attribute."""
        return self.attributes.get(name, usual)

    def number(self, name: str, usual: int) -> int:
        """Read an attribute that is a whole number."""
        return int(self.attributes.get(name, usual))

    def yes(self, name: str, *, usual: bool) -> bool:
        """Read an attribute that is true or false."""
        return self.attributes.get(name, "true" if usual else "false") == "true"


def read(text: str) -> tuple[Verb, ...]:
    """Read a document into its verbs."""
    if "<!DOCTYPE" in text:
        raise TroubleError(PARSE, "a document type is not allowed")
    try:
        root = ET.fromstring(text.strip().encode())  # noqa: S314 (entities need a document type)
    except (ET.ParseError, UnicodeEncodeError) as error:
        raise TroubleError(PARSE, f"not well formed: {error}") from error
    if root.tag != "Response":
        raise TroubleError(SCHEMA, f"the document is a {root.tag}, not a Response")
    return _verb(root, ROOT, "").inside


def _verb(element: ET.Element, shape: Shape, parent: str) -> Verb:
    name = element.tag
    attributes = {"xml:lang" if key == LANG else key: value for key, value in element.attrib.items()}
    for key, value in attributes.items():
        if key not in shape.attributes:
            raise TroubleError(SCHEMA, f"{name} has no attribute {key}")
        if not shape.attributes[key](value):
            raise TroubleError(SCHEMA, f"{name} {key} cannot be {value}")
    inside = tuple(_inside(child, shape, name, parent) for child in element)
    words = "".join(_words(element)) if shape.words else ""
    if not shape.words and any(part.strip() for part in _own_words(element)):
        raise TroubleError(SCHEMA, f"{name} holds no words")
    if name == "Say" and (not words.strip() or len(words) > LONGEST_SAY):
        raise TroubleError(SCHEMA, f"Say holds 1 to {LONGEST_SAY} characters")
    return Verb(name, attributes, " ".join(words.split()), inside)


def _inside(child: ET.Element, shape: Shape, name: str, parent: str) -> Verb:
    if child.tag not in shape.inside:
        raise TroubleError(SCHEMA, f"{child.tag} cannot stand in {name}")
    owner = "Say" if name in SPEAKING_TAGS else name
    known = NOUNS.get(f"{owner}/{child.tag}") or SSML.get(f"{owner}/{child.tag}") or VERBS[child.tag]
    return _verb(child, known, parent or name)


def _own_words(element: ET.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _words(element: ET.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.attrib["alias"] if child.tag == "sub" and "alias" in child.attrib else "".join(_words(child))
        yield child.tail or ""

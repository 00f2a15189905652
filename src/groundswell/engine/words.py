"""The few words that the program itself puts into a letter, by language; direction and numbers as that language has them."""

from dataclasses import dataclass
from typing import Literal

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Words:
    """`source` and `back` are spoken labels of the two ends of a footnote; both take a number."""

    unsubscribe: str
    privacy: str
    source: str
    back: str
    postscript: str = "P.S."
    thousands: str = "."


_WORDS = {
    "en": Words("Unsubscribe", "Privacy", "Source {}", "Back to the text, source {}", thousands=","),
    "de": Words("Abmelden", "Datenschutz", "Quelle {}", "Zurück zum Text, Quelle {}", "PS:"),
    "fr": Words(
        "Se désabonner", "Confidentialité", "Source {}", "Retour au texte, source {}", "P.-S.", "\N{NARROW NO-BREAK SPACE}"
    ),
    "es": Words("Darse de baja", "Privacidad", "Fuente {}", "Volver al texto, fuente {}", "P. D.:"),
    "ca": Words("Dona't de baixa", "Privadesa", "Font {}", "Torna al text, font {}", "P. D.:"),
    "it": Words("Annulla l'iscrizione", "Privacy", "Fonte {}", "Torna al testo, fonte {}", "P.S."),
    "nl": Words("Afmelden", "Privacy", "Bron {}", "Terug naar de tekst, bron {}", "P.S."),
    "pt": Words("Cancelar a inscrição", "Privacidade", "Fonte {}", "Voltar ao texto, fonte {}", "P.S."),
    "pl": Words("Wypisz się", "Prywatność", "Źródło {}", "Wróć do tekstu, źródło {}", "PS", "\N{NO-BREAK SPACE}"),
    "sv": Words("Avsluta prenumerationen", "Integritet", "Källa {}", "Tillbaka till texten, källa {}", "PS",
                "\N{NO-BREAK SPACE}"),
    "da": Words("Afmeld", "Privatliv", "Kilde {}", "Tilbage til teksten, kilde {}", "PS"),
    "tr": Words("Aboneliği iptal et", "Gizlilik", "Kaynak {}", "Metne dön, kaynak {}", "Not:"),
    "uk": Words("Відписатися", "Приватність", "Джерело {}", "Назад до тексту, джерело {}", "P. S.", "\N{NO-BREAK SPACE}"),
    "ar": Words("إلغاء الاشتراك", "الخصوصية", "المصدر {}", "عودة إلى النص، المصدر {}", "ملاحظة:", ","),
    "fa": Words("لغو اشتراک", "حریم خصوصی", "منبع {}", "بازگشت به متن، منبع {}", "پ.ن.", ","),
    "he": Words("הסרה מהרשימה", "פרטיות", "מקור {}", "חזרה לטקסט, מקור {}", "נ.ב.", ","),
}  # fmt: skip


def primary(language: str) -> str:
    """`de` of `de-AT`: the part of a language tag that says which language it is (RFC 5646)."""
    return language.replace("_", "-").split("-", maxsplit=1)[0].lower()


def words(language: str) -> Words:
    """The language's words; English where we have none (`spoken` says so)."""
    return _WORDS.get(primary(language), _WORDS["en"])


def spoken(language: str) -> bool:
    """Whether the program's own words exist in this language."""
    return primary(language) in _WORDS


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Which way the language is written."""
    return "rtl" if primary(language) in _RIGHT_TO_LEFT else "ltr"


def number(value: int, language: str) -> str:
    """A whole number with its thousands set apart as the language does it."""
    return f"{value:,}".replace(",", words(language).thousands)

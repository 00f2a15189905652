"""What the goodbye page offers short of leaving: less mail, or one topic only. Beside the words of `own`."""

from collections.abc import Mapping

from groundswell.pages.words.own import own_words

_EN = {
    "leave_lead": "Choose what you get from us. One press, and it is so at once, in letters that are on their way as well.",
    "all": "No more letters",
    "all_lead": "Nothing that we send to a list comes to you any more.",
    "less": "Less mail",
    "less_lead": "At most one letter in {days} days.",
    "less_do": "Write to me less",
    "topic": "Only this topic",
    "topic_lead": "Only letters about the campaign that this letter was about.",
    "topic_do": "Only this topic",
    "less_done": "Less it is",
    "less_done_lead": "From now on you get at most one letter in {days} days.",
    "topic_done": "Only this topic",
    "topic_done_lead": "From now on you get letters about this campaign only.",
    "letters_lead": "All of them, fewer, those on this letter’s campaign only, or none.",
    "languages": "Language",
}
_DE = {
    "leave_lead": "Wählen Sie, was Sie von uns bekommen. Ein Klick, und es gilt sofort, auch für Briefe, die schon unterwegs sind.",
    "all": "Keine Briefe mehr",
    "all_lead": "Nichts, was an eine Liste geht, kommt mehr zu Ihnen.",
    "less": "Weniger Post",
    "less_lead": "Höchstens ein Brief in {days} Tagen.",
    "less_do": "Schreiben Sie mir seltener",
    "topic": "Nur dieses Thema",
    "topic_lead": "Nur Briefe zu der Kampagne, um die es in diesem Brief ging.",
    "topic_do": "Nur dieses Thema",
    "less_done": "Also weniger",
    "less_done_lead": "Von jetzt an bekommen Sie höchstens einen Brief in {days} Tagen.",
    "topic_done": "Nur dieses Thema",
    "topic_done_lead": "Von jetzt an bekommen Sie nur noch Briefe zu dieser Kampagne.",
    "letters_lead": "Alle, weniger, nur die zur Kampagne dieses Briefs, oder keine.",
    "languages": "Sprache",
}
_FR = {
    "leave_lead": "Choisissez ce que vous recevez de nous. Un clic, et c’est fait, même pour les lettres déjà en route.",
    "all": "Plus aucune lettre",
    "all_lead": "Rien de ce que nous envoyons à une liste ne vous parviendra plus.",
    "less": "Moins de courrier",
    "less_lead": "Une lettre au plus en {days} jours.",
    "less_do": "M’écrire moins souvent",
    "topic": "Ce sujet seulement",
    "topic_lead": "Seulement les lettres sur la campagne dont parlait cette lettre.",
    "topic_do": "Ce sujet seulement",
    "less_done": "Ce sera moins",
    "less_done_lead": "Désormais vous recevez une lettre au plus en {days} jours.",
    "topic_done": "Ce sujet seulement",
    "topic_done_lead": "Désormais vous ne recevez que les lettres sur cette campagne.",
    "letters_lead": "Toutes, moins, seulement celles de la campagne de cette lettre, ou aucune.",
    "languages": "Langue",
}
_ES = {
    "leave_lead": "Elija qué recibe de nosotros. Un clic y vale enseguida, también para las cartas que ya están en camino.",
    "all": "Ninguna carta más",
    "all_lead": "Nada de lo que enviamos a una lista le llegará más.",
    "less": "Menos correo",
    "less_lead": "Como mucho una carta en {days} días.",
    "less_do": "Escríbanme menos",
    "topic": "Solo este tema",
    "topic_lead": "Solo cartas sobre la campaña de la que trataba esta carta.",
    "topic_do": "Solo este tema",
    "less_done": "Menos, entonces",
    "less_done_lead": "Desde ahora recibe como mucho una carta en {days} días.",
    "topic_done": "Solo este tema",
    "topic_done_lead": "Desde ahora recibe solo cartas sobre esta campaña.",
    "letters_lead": "Todas, menos, solo las de la campaña de esta carta, o ninguna.",
    "languages": "Idioma",
}
_AR = {
    "leave_lead": "اختر ما تتلقاه منا. ضغطة واحدة ويسري ذلك فورًا، حتى على الرسائل التي في الطريق.",
    "all": "لا رسائل بعد الآن",
    "all_lead": "لن يصلك أي شيء مما نرسله إلى القوائم.",
    "less": "رسائل أقل",
    "less_lead": "رسالة واحدة على الأكثر كل {days} يومًا.",
    "less_do": "اكتبوا إليّ أقل",
    "topic": "هذا الموضوع فقط",
    "topic_lead": "الرسائل عن الحملة التي كانت هذه الرسالة عنها فقط.",
    "topic_do": "هذا الموضوع فقط",
    "less_done": "أقل إذن",
    "less_done_lead": "من الآن تصلك رسالة واحدة على الأكثر كل {days} يومًا.",
    "topic_done": "هذا الموضوع فقط",
    "topic_done_lead": "من الآن لا تصلك إلا رسائل عن هذه الحملة.",
    "letters_lead": "كلها، أو أقل، أو ما يخص حملة هذه الرسالة فقط، أو لا شيء.",
    "languages": "اللغة",
}

_ALL: Mapping[str, Mapping[str, str]] = {"ar": _AR, "de": _DE, "en": _EN, "es": _ES, "fr": _FR}


def goodbye_words(language: str) -> Mapping[str, str]:
    """The sentences of a person's own pages in this language; English where we have none."""
    return {**own_words(language), **_ALL.get(language, _EN)}

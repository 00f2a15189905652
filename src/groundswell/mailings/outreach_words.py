"""What stands under a letter that we send for somebody, in the languages that actions are in."""

FOOTERS = {
    "en": "{name} wrote this letter on a page of {organisation} and asked us to send it. An answer goes to {name} only. If letters should "
          "not come to you by way of us, write to {reply_to}.",
    "de": "{name} hat diesen Brief auf einer Seite von {organisation} geschrieben und uns gebeten, ihn zu senden. Eine Antwort geht nur an "
          "{name}. Sollen Briefe nicht über uns zu Ihnen kommen, schreiben Sie an {reply_to}.",
    "es": "{name} escribió esta carta en una página de {organisation} y nos pidió enviarla. La respuesta llega solo a {name}. Si no quiere "
          "recibir cartas por medio de nosotros, escriba a {reply_to}.",
    "fr": "{name} a écrit cette lettre sur une page de {organisation} et nous a demandé de l’envoyer. Une réponse n’arrive qu’à {name}. Pour ne "
          "plus recevoir de lettres par notre intermédiaire, écrivez à {reply_to}.",
    "ar": "كتب {name} هذه الرسالة في صفحة لـ{organisation} وطلب منا إرسالها. يصل الجواب إلى {name} وحده. إن لم ترغب في تلقي الرسائل عن طريقنا "
          "فاكتب إلى {reply_to}.",
}  # fmt: skip

"""The letter that asks "was it you?", in the languages that petitions are in: subject, text, button, and the reminder's line."""

CONFIRMING = {
    "en": ("Please confirm your signature", "Somebody, we hope you, signed this petition with your address. Press the button, and "
           "your name counts. If it was not you, do nothing: the name is dropped.", "Yes, it was me",
           "This is the only reminder."),
    "de": ("Bitte bestätigen Sie Ihre Unterschrift", "Jemand, hoffentlich Sie, hat diese Petition mit Ihrer Adresse unterschrieben. "
           "Drücken Sie den Knopf, dann zählt Ihr Name. Waren Sie es nicht, tun Sie nichts: der Name wird gelöscht.", "Ja, das war ich",
           "Dies ist die einzige Erinnerung."),
    "es": ("Confirma tu firma", "Alguien, esperamos que tú, firmó esta petición con tu dirección. Pulsa el botón y tu nombre contará. "
           "Si no fuiste tú, no hagas nada: el nombre se borra.", "Sí, fui yo", "Este es el único recordatorio."),
    "fr": ("Confirmez votre signature", "Quelqu’un, vous espérons-nous, a signé cette pétition avec votre adresse. Appuyez sur le "
           "bouton, et votre nom compte. Si ce n’était pas vous, ne faites rien : le nom est effacé.", "Oui, c’était moi",
           "Ceci est le seul rappel."),
    "ar": ("الرجاء تأكيد توقيعك", "وقّع شخص ما، نرجو أن يكون أنت، هذه العريضة بعنوانك. اضغط الزر ليُحسب اسمك. "
           "إن لم تكن أنت فلا تفعل شيئًا وسيُحذف الاسم.", "نعم، أنا وقّعت", "هذا هو التذكير الوحيد."),
}  # fmt: skip

CONFIRMING_LETTER = {
    "en": ("Is this your letter?", "Somebody, we hope you, wrote a letter on our page with your address and asked us to send it in your name. "
           "Press the button, and it leaves. If it was not you, do nothing: it is dropped.", "Yes, send my letter", "This is the only reminder."),
    "de": ("Ist das Ihr Brief?", "Jemand, hoffentlich Sie, hat auf unserer Seite mit Ihrer Adresse einen Brief geschrieben und uns gebeten, ihn in "
           "Ihrem Namen zu senden. Drücken Sie den Knopf, dann geht er hinaus. Waren Sie es nicht, tun Sie nichts: er wird gelöscht.",
           "Ja, meinen Brief senden", "Dies ist die einzige Erinnerung."),
    "es": ("¿Es tuya esta carta?", "Alguien, esperamos que tú, escribió en nuestra página una carta con tu dirección y nos pidió enviarla en tu "
           "nombre. Pulsa el botón y sale. Si no fuiste tú, no hagas nada: se borra.", "Sí, enviad mi carta", "Este es el único recordatorio."),
    "fr": ("Est-ce votre lettre ?", "Quelqu’un, vous espérons-nous, a écrit sur notre page une lettre avec votre adresse et nous a demandé de "
           "l’envoyer en votre nom. Appuyez sur le bouton, et elle part. Si ce n’était pas vous, ne faites rien : elle est effacée.",
           "Oui, envoyez ma lettre", "Ceci est le seul rappel."),
    "ar": ("هل هذه رسالتك؟", "كتب شخص ما، نرجو أن يكون أنت، رسالة في صفحتنا بعنوانك وطلب منا إرسالها باسمك. اضغط الزر لتُرسل. إن لم تكن أنت فلا تفعل "
           "شيئًا وستُحذف.", "نعم، أرسلوا رسالتي", "هذا هو التذكير الوحيد."),
}  # fmt: skip
"""The same for a letter that we are to send in somebody's name."""
CONFIRMING_DEED = {
    "en": ("Please confirm that it was you", "Somebody, we hope you, did this with your address. Press the button, and it counts. If it was not "
           "you, do nothing: it is dropped.", "Yes, it was me", "This is the only reminder."),
    "de": ("Bitte bestätigen Sie, dass Sie es waren", "Jemand, hoffentlich Sie, hat das mit Ihrer Adresse getan. Drücken Sie den Knopf, dann zählt "
           "es. Waren Sie es nicht, tun Sie nichts: es wird gelöscht.", "Ja, das war ich", "Dies ist die einzige Erinnerung."),
    "es": ("Confirma que fuiste tú", "Alguien, esperamos que tú, hizo esto con tu dirección. Pulsa el botón y contará. Si no fuiste tú, no hagas "
           "nada: se borra.", "Sí, fui yo", "Este es el único recordatorio."),
    "fr": ("Confirmez que c’était vous", "Quelqu’un, vous espérons-nous, a fait ceci avec votre adresse. Appuyez sur le bouton, et cela compte. Si "
           "ce n’était pas vous, ne faites rien : c’est effacé.", "Oui, c’était moi", "Ceci est le seul rappel."),
    "ar": ("الرجاء تأكيد أنك أنت", "فعل شخص ما، نرجو أن يكون أنت، هذا بعنوانك. اضغط الزر ليُحسب. إن لم تكن أنت فلا تفعل شيئًا وسيُحذف.", "نعم، أنا",
           "هذا هو التذكير الوحيد."),
}  # fmt: skip
"""The same for anything else that is no signature."""
AGREEING = {
    "en": ("May we write to you?", "Somebody, we hope you, filled in the form on the page below with this address and said that mail may come "
           "here. Press the button, and it does. If it was not you, do nothing: nothing comes.", "Yes, it was me"),
    "de": ("Dürfen wir Ihnen schreiben?", "Jemand, hoffentlich Sie, hat das Formular auf der Seite unten mit dieser Adresse ausgefüllt und "
           "gesagt, dass Post hierher kommen darf. Drücken Sie den Knopf, dann kommt sie. Waren Sie es nicht, tun Sie nichts: es kommt nichts.",
           "Ja, das war ich"),
    "es": ("¿Podemos escribirte?", "Alguien, esperamos que tú, rellenó el formulario de la página de abajo con esta dirección y dijo que puede "
           "llegar correo aquí. Pulsa el botón y llegará. Si no fuiste tú, no hagas nada: no llegará nada.", "Sí, fui yo"),
    "fr": ("Pouvons-nous vous écrire ?", "Quelqu’un, vous espérons-nous, a rempli le formulaire de la page ci-dessous avec cette adresse et a "
           "dit que du courrier peut arriver ici. Appuyez sur le bouton, et il arrive. Si ce n’était pas vous, ne faites rien : rien n’arrive.",
           "Oui, c’était moi"),
    "ar": ("هل لنا أن نكتب إليك؟", "ملأ شخص ما، نرجو أن يكون أنت، الاستمارة في الصفحة أدناه بهذا العنوان وقال إن لنا أن نراسله. اضغط الزر "
           "لتصلك رسائلنا. إن لم تكن أنت فلا تفعل شيئًا ولن يصلك شيء.", "نعم، أنا"),
}  # fmt: skip
"""Asked of a yes to mail that counts only from its person's own mailbox. It does not say whether they signed."""

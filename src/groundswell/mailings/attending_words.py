"""What letters about an event say: by language and occasion, subject and text."""

from collections.abc import Mapping

ATTENDING: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {
        "coming": ("You are coming", "You have a seat. The calendar file is on the page, and there you can give your seat up if something "
                   "comes between: somebody else is waiting for it."),
        "waiting": ("You are on the waiting list", "All seats are taken, and you stand in line. If one is given up, it is yours and we write to you."),
        "reminder": ("Soon", "This is the reminder you were promised. If you can’t come after all, please give your seat up on the page."),
        "moved": ("It has moved", "Time or place has changed since you signed up. This is how it stands now. If you can’t come any more, please give your seat up on the page."),
        "cancelled": ("Cancelled", "This event is cancelled, and we are sorry. You need do nothing."),
        "when": ("When", ""), "where": ("Where", ""), "button": ("See it, or give my seat up", ""),
    },
    "de": {
        "coming": ("Sie kommen", "Sie haben einen Platz. Die Kalenderdatei steht auf der Seite, und dort geben Sie Ihren Platz frei, wenn "
                   "etwas dazwischenkommt: jemand anderes wartet darauf."),
        "waiting": ("Sie stehen auf der Warteliste", "Alle Plätze sind vergeben, und Sie stehen in der Reihe. Wird einer frei, gehört er Ihnen, und wir schreiben Ihnen."),
        "reminder": ("Bald", "Dies ist die versprochene Erinnerung. Können Sie doch nicht kommen, geben Sie Ihren Platz bitte auf der Seite frei."),
        "moved": ("Zeit oder Ort haben sich geändert", "Seit Ihrer Anmeldung haben sich Zeit oder Ort geändert. So steht es jetzt. Können Sie nicht mehr kommen, geben Sie Ihren Platz bitte auf der Seite frei."),
        "cancelled": ("Abgesagt", "Diese Veranstaltung ist abgesagt; es tut uns leid. Sie müssen nichts tun."),
        "when": ("Wann", ""), "where": ("Wo", ""), "button": ("Ansehen, oder meinen Platz freigeben", ""),
    },
    "es": {
        "coming": ("Vienes", "Tienes sitio. El archivo de calendario está en la página, y allí puedes dejar tu sitio libre si no puedes venir: "
                   "otra persona lo espera."),
        "waiting": ("Estás en la lista de espera", "Todos los sitios están ocupados y estás en la fila. Si uno queda libre, es tuyo y te escribimos."),
        "reminder": ("Pronto", "Este es el recordatorio prometido. Si al final no puedes venir, deja tu sitio libre en la página."),
        "moved": ("Ha cambiado", "La hora o el lugar han cambiado desde que te apuntaste. Así queda ahora. Si ya no puedes venir, deja tu sitio libre en la página."),
        "cancelled": ("Cancelado", "Este acto se ha cancelado; lo sentimos. No tienes que hacer nada."),
        "when": ("Cuándo", ""), "where": ("Dónde", ""), "button": ("Verlo, o dejar mi sitio", ""),
    },
    "fr": {
        "coming": ("Vous venez", "Vous avez une place. Le fichier d’agenda est sur la page, et c’est là que vous pouvez rendre votre place en cas "
                   "d’empêchement : quelqu’un d’autre l’attend."),
        "waiting": ("Vous êtes sur la liste d’attente", "Toutes les places sont prises, et vous êtes dans la file. Si une place se libère, elle est à vous et nous vous écrivons."),
        "reminder": ("Bientôt", "Voici le rappel promis. Si vous ne pouvez finalement pas venir, rendez votre place sur la page."),
        "moved": ("Changement", "L’heure ou le lieu ont changé depuis votre inscription. Voici ce qui vaut maintenant. Si vous ne pouvez plus venir, rendez votre place sur la page."),
        "cancelled": ("Annulé", "Cet événement est annulé ; nous en sommes désolés. Vous n’avez rien à faire."),
        "when": ("Quand", ""), "where": ("Où", ""), "button": ("Le voir, ou rendre ma place", ""),
    },
    "ar": {
        "coming": ("أنت قادم", "لك مقعد. ملف التقويم في الصفحة، وهناك يمكنك أن تتنازل عن مقعدك إن طرأ شيء: غيرك ينتظره."),
        "waiting": ("أنت في قائمة الانتظار", "جميع المقاعد محجوزة وأنت في الصف. إن خلا مقعد فهو لك وسنكتب إليك."),
        "reminder": ("قريبًا", "هذا هو التذكير الموعود. إن لم تستطع الحضور فتنازل عن مقعدك في الصفحة."),
        "moved": ("تغيّر الموعد أو المكان", "تغيّر الوقت أو المكان منذ تسجيلك. هذا هو الوضع الآن. إن لم تعد تستطيع الحضور فتنازل عن مقعدك في الصفحة."),
        "cancelled": ("أُلغي", "أُلغيت هذه الفعالية ونعتذر. لا حاجة إلى أن تفعل شيئًا."),
        "when": ("متى", ""), "where": ("أين", ""), "button": ("انظر إليها أو تنازل عن مقعدي", ""),
    },
}  # fmt: skip

"""What the door's own small pages say: goodbyes, choices, dead ends. In the language that the reader's browser asks for."""

from collections.abc import Mapping

_EN = {
    "unsubscribe": "Unsubscribe", "unsubscribe_lead": "One press, and no more letters come from us.", "unsubscribe_do": "Unsubscribe me",
    "something_else": "Something else: take my name back, see my data, be forgotten",
    "mine": "Your letters, your name, your data",
    "mine_lead": "This page opens from your letter. It shows nothing of you: a letter may have been passed on.",
    "letters": "Letters", "letters_lead": "All of them, or none.", "subscribe_do": "Write to me", "no_more_do": "Write to me no more",
    "name": "My name", "name_lead": "Take it back from the petition that this letter was about, or from everything.",
    "withdraw_do": "Take my name back", "withdraw_all_do": "Take it back everywhere",
    "link": "My link", "link_lead": "Who signed because you passed it on, in numbers.", "link_do": "What came of my link",
    "data": "My data", "data_lead": "Everything we hold of you, to read and to take away as a file.", "data_do": "Send me the link",
    "forget": "Forget me", "forget_lead": "Name and address are deleted, for good.", "forget_do": "Forget me …",
    "sure": "Really forget you?",
    "sure_lead": "This can’t be undone. Your signatures stay as numbers, without you; take them back first if you mind.",
    "sure_do": "Yes, forget me", "sure_no": "No, back", "back": "Back to the choices",
    "unsubscribe_done": "Goodbye", "unsubscribe_done_lead": "You are unsubscribed. No more letters come from us.",
    "subscribe_done": "Welcome back", "subscribe_done_lead": "You get our letters again, from the next one on.",
    "withdraw_done": "Taken back",
    "withdraw_done_lead": "Your name no longer stands under this petition: it is not counted and not handed over any more.",
    "withdraw-all_done": "Taken back", "withdraw-all_done_lead": "Your name no longer stands under anything here.",
    "data_done": "Look into your mailbox",
    "data_done_lead": "Soon you get a letter with a link to everything we hold of you, good for one day. "
    "We send it to you and don’t show it here, because a letter may have been passed on.",
    "forget_done": "You are being forgotten",
    "forget_done_lead": "Your name and address are deleted within minutes. We keep a number that can’t be turned "
    "back into your address, so that nobody can put you on our list again by mistake.",
    "not_here": "Nothing here", "not_here_lead": "This address leads nowhere, or no longer.",
    "full": "Not just now",
    "full_lead": "We could not keep what you sent. Please go back and try again in a minute: nothing of it is lost.",
}  # fmt: skip
_DE = {
    "unsubscribe": "Abmelden", "unsubscribe_lead": "Ein Druck, und es kommen keine Briefe mehr von uns.", "unsubscribe_do": "Mich abmelden",
    "something_else": "Etwas anderes: meinen Namen zurücknehmen, meine Daten sehen, vergessen werden",
    "mine": "Ihre Briefe, Ihr Name, Ihre Daten",
    "mine_lead": "Diese Seite öffnet sich aus Ihrem Brief. Sie zeigt nichts von Ihnen: ein Brief kann weitergereicht worden sein.",
    "letters": "Briefe", "letters_lead": "Alle oder keine.", "subscribe_do": "Schreiben Sie mir", "no_more_do": "Schreiben Sie mir nicht mehr",
    "name": "Mein Name", "name_lead": "Zurücknehmen von der Petition, um die es in diesem Brief ging, oder von allem.",
    "withdraw_do": "Meinen Namen zurücknehmen", "withdraw_all_do": "Überall zurücknehmen",
    "link": "Mein Link", "link_lead": "Wie viele durch Sie unterschrieben haben, in Zahlen.", "link_do": "Was aus meinem Link wurde",
    "data": "Meine Daten", "data_lead": "Alles, was wir von Ihnen haben, zum Lesen und zum Mitnehmen als Datei.",
    "data_do": "Schicken Sie mir den Link",
    "forget": "Mich vergessen", "forget_lead": "Name und Adresse werden gelöscht, endgültig.", "forget_do": "Mich vergessen …",
    "sure": "Sie wirklich vergessen?",
    "sure_lead": "Das lässt sich nicht rückgängig machen. Ihre Unterschriften bleiben als Zahlen, ohne Sie; "
    "nehmen Sie sie vorher zurück, wenn Sie das nicht möchten.",
    "sure_do": "Ja, mich vergessen", "sure_no": "Nein, zurück", "back": "Zurück zur Auswahl",
    "unsubscribe_done": "Auf Wiedersehen", "unsubscribe_done_lead": "Sie sind abgemeldet. Es kommen keine Briefe mehr von uns.",
    "subscribe_done": "Willkommen zurück", "subscribe_done_lead": "Sie bekommen unsere Briefe wieder, ab dem nächsten.",
    "withdraw_done": "Zurückgenommen",
    "withdraw_done_lead": "Ihr Name steht nicht mehr unter dieser Petition: er wird nicht gezählt und nicht mehr übergeben.",
    "withdraw-all_done": "Zurückgenommen", "withdraw-all_done_lead": "Ihr Name steht hier unter nichts mehr.",
    "data_done": "Sehen Sie in Ihr Postfach",
    "data_done_lead": "Bald bekommen Sie einen Brief mit einem Link zu allem, was wir von Ihnen haben; er gilt einen Tag. "
    "Wir schicken ihn Ihnen und zeigen nichts hier, weil ein Brief weitergereicht worden sein kann.",
    "forget_done": "Sie werden vergessen",
    "forget_done_lead": "Name und Adresse werden in wenigen Minuten gelöscht. Wir behalten eine Zahl, aus der sich Ihre Adresse nicht "
    "zurückrechnen lässt, damit Sie niemand aus Versehen wieder auf unsere Liste setzt.",
    "not_here": "Hier ist nichts", "not_here_lead": "Diese Adresse führt nirgendwohin, oder nicht mehr.",
    "full": "Gerade nicht",
    "full_lead": "Wir konnten nicht behalten, was Sie geschickt haben. Bitte gehen Sie zurück und versuchen Sie es in einer Minute "
    "wieder: nichts davon ist verloren.",
}  # fmt: skip
_FR = {
    "unsubscribe": "Se désabonner", "unsubscribe_lead": "Un clic, et vous ne recevrez plus de lettres de nous.",
    "unsubscribe_do": "Me désabonner", "something_else": "Autre chose : retirer mon nom, voir mes données, être oublié",
    "mine": "Vos lettres, votre nom, vos données",
    "mine_lead": "Cette page s’ouvre depuis votre lettre. Elle ne montre rien de vous : une lettre peut avoir été transmise.",
    "letters": "Lettres", "letters_lead": "Toutes, ou aucune.", "subscribe_do": "Écrivez-moi", "no_more_do": "Ne m’écrivez plus",
    "name": "Mon nom", "name_lead": "Le retirer de la pétition dont parlait cette lettre, ou de tout.",
    "withdraw_do": "Retirer mon nom", "withdraw_all_do": "Le retirer partout",
    "link": "Mon lien", "link_lead": "Combien ont signé grâce à vous, en chiffres.", "link_do": "Ce que mon lien a apporté",
    "data": "Mes données", "data_lead": "Tout ce que nous avons de vous, à lire et à emporter en fichier.", "data_do": "Envoyez-moi le lien",
    "forget": "M’oublier", "forget_lead": "Nom et adresse sont effacés, pour de bon.", "forget_do": "M’oublier …",
    "sure": "Vraiment vous oublier ?",
    "sure_lead": "C’est sans retour. Vos signatures restent comme nombres, sans vous ; retirez-les d’abord si cela vous gêne.",
    "sure_do": "Oui, oubliez-moi", "sure_no": "Non, retour", "back": "Retour aux choix",
    "unsubscribe_done": "Au revoir", "unsubscribe_done_lead": "Vous êtes désabonné. Vous ne recevrez plus de lettres de nous.",
    "subscribe_done": "Bon retour", "subscribe_done_lead": "Vous recevrez de nouveau nos lettres, dès la prochaine.",
    "withdraw_done": "Retiré",
    "withdraw_done_lead": "Votre nom ne figure plus sous cette pétition : il n’est plus compté ni remis.",
    "withdraw-all_done": "Retiré", "withdraw-all_done_lead": "Votre nom ne figure plus sous rien ici.",
    "data_done": "Regardez votre boîte",
    "data_done_lead": "Vous recevrez bientôt une lettre avec un lien vers tout ce que nous avons de vous, valable un jour. "
    "Nous vous l’envoyons et ne montrons rien ici, car une lettre peut avoir été transmise.",
    "forget_done": "Nous vous oublions",
    "forget_done_lead": "Votre nom et votre adresse sont effacés en quelques minutes. Nous gardons un nombre d’où l’on ne peut pas "
    "retrouver votre adresse, pour que personne ne vous remette sur notre liste par erreur.",
    "not_here": "Rien ici", "not_here_lead": "Cette adresse ne mène nulle part, ou plus.",
    "full": "Pas maintenant",
    "full_lead": "Nous n’avons pas pu garder ce que vous avez envoyé. Revenez en arrière et réessayez dans une minute : rien n’est perdu.",
}  # fmt: skip
_ES = {
    "unsubscribe": "Darse de baja", "unsubscribe_lead": "Un clic, y no te llegan más cartas nuestras.", "unsubscribe_do": "Darme de baja",
    "something_else": "Otra cosa: retirar mi nombre, ver mis datos, ser olvidado",
    "mine": "Tus cartas, tu nombre, tus datos",
    "mine_lead": "Esta página se abre desde tu carta. No muestra nada de ti: una carta puede haberse reenviado.",
    "letters": "Cartas", "letters_lead": "Todas o ninguna.", "subscribe_do": "Escribidme", "no_more_do": "No me escribáis más",
    "name": "Mi nombre", "name_lead": "Retirarlo de la petición de la que trataba esta carta, o de todo.",
    "withdraw_do": "Retirar mi nombre", "withdraw_all_do": "Retirarlo de todo",
    "link": "Mi enlace", "link_lead": "Cuánta gente firmó gracias a ti, en números.", "link_do": "Qué trajo mi enlace",
    "data": "Mis datos", "data_lead": "Todo lo que tenemos de ti, para leer y llevar como archivo.", "data_do": "Enviadme el enlace",
    "forget": "Olvidarme", "forget_lead": "Nombre y dirección se borran, para siempre.", "forget_do": "Olvidarme …",
    "sure": "¿De verdad olvidarte?",
    "sure_lead": "No se puede deshacer. Tus firmas quedan como números, sin ti; retíralas antes si te importa.",
    "sure_do": "Sí, olvidadme", "sure_no": "No, volver", "back": "Volver a las opciones",
    "unsubscribe_done": "Adiós", "unsubscribe_done_lead": "Te has dado de baja. No te llegan más cartas nuestras.",
    "subscribe_done": "Hola de nuevo", "subscribe_done_lead": "Vuelves a recibir nuestras cartas, desde la próxima.",
    "withdraw_done": "Retirado",
    "withdraw_done_lead": "Tu nombre ya no está bajo esta petición: ni se cuenta ni se entrega.",
    "withdraw-all_done": "Retirado", "withdraw-all_done_lead": "Tu nombre ya no está bajo nada aquí.",
    "data_done": "Mira tu correo",
    "data_done_lead": "Pronto recibes una carta con un enlace a todo lo que tenemos de ti, válido por un día. "
    "Te lo enviamos y no lo mostramos aquí, porque una carta puede haberse reenviado.",
    "forget_done": "Te estamos olvidando",
    "forget_done_lead": "Tu nombre y tu dirección se borran en minutos. Guardamos un número del que no se puede sacar tu dirección, "
    "para que nadie te ponga otra vez en nuestra lista por error.",
    "not_here": "Aquí no hay nada", "not_here_lead": "Esta dirección no lleva a ninguna parte, o ya no.",
    "full": "Ahora no",
    "full_lead": "No pudimos guardar lo que enviaste. Vuelve atrás e inténtalo en un minuto: no se pierde nada.",
}  # fmt: skip
_AR = {
    "unsubscribe": "إلغاء الاشتراك", "unsubscribe_lead": "ضغطة واحدة، ولن تصلك رسائل منا بعدها.", "unsubscribe_do": "ألغوا اشتراكي",
    "something_else": "شيء آخر: سحب اسمي، الاطلاع على بياناتي، أن أُنسى",
    "mine": "رسائلك واسمك وبياناتك",
    "mine_lead": "تُفتح هذه الصفحة من رسالتك. وهي لا تُظهر شيئًا عنك: فقد تكون الرسالة أُعيد توجيهها.",
    "letters": "الرسائل", "letters_lead": "كلها أو لا شيء منها.", "subscribe_do": "راسلوني", "no_more_do": "لا تراسلوني بعد الآن",
    "name": "اسمي", "name_lead": "اسحبه من العريضة التي تحدثت عنها هذه الرسالة، أو من كل شيء.",
    "withdraw_do": "اسحبوا اسمي", "withdraw_all_do": "اسحبوه من كل شيء",
    "link": "رابطي", "link_lead": "كم شخصًا وقّع بفضلك، بالأرقام.", "link_do": "ما الذي جلبه رابطي",
    "data": "بياناتي", "data_lead": "كل ما لدينا عنك، للقراءة وللحفظ في ملف.", "data_do": "أرسلوا إليّ الرابط",
    "forget": "انسوني", "forget_lead": "يُحذف الاسم والعنوان نهائيًا.", "forget_do": "انسوني …",
    "sure": "هل ننساك حقًا؟",
    "sure_lead": "لا يمكن التراجع عن هذا. تبقى توقيعاتك أرقامًا من دونك؛ اسحبها أولًا إن كان ذلك يزعجك.",
    "sure_do": "نعم، انسوني", "sure_no": "لا، رجوع", "back": "العودة إلى الخيارات",
    "unsubscribe_done": "وداعًا", "unsubscribe_done_lead": "أُلغي اشتراكك. لن تصلك رسائل منا بعد الآن.",
    "subscribe_done": "أهلًا بعودتك", "subscribe_done_lead": "ستصلك رسائلنا من جديد، بدءًا من التالية.",
    "withdraw_done": "سُحب", "withdraw_done_lead": "لم يعد اسمك على هذه العريضة: لا يُحسب ولا يُسلَّم بعد الآن.",
    "withdraw-all_done": "سُحب", "withdraw-all_done_lead": "لم يعد اسمك على أي شيء هنا.",
    "data_done": "انظر في بريدك",
    "data_done_lead": "ستصلك قريبًا رسالة فيها رابط إلى كل ما لدينا عنك، صالح ليوم واحد. "
    "نرسله إليك ولا نُظهره هنا، فقد تكون الرسالة أُعيد توجيهها.",
    "forget_done": "نحن ننساك الآن",
    "forget_done_lead": "يُحذف اسمك وعنوانك خلال دقائق. ونحتفظ برقم لا يمكن استخراج عنوانك منه، كي لا يضيفك أحد إلى قائمتنا من جديد خطأً.",
    "not_here": "لا شيء هنا", "not_here_lead": "هذا العنوان لا يؤدي إلى أي مكان، أو لم يعد يؤدي.",
    "full": "ليس الآن", "full_lead": "لم نتمكن من حفظ ما أرسلته. عُد وحاول بعد دقيقة: لن يضيع شيء منه.",
}  # fmt: skip
_ALL: Mapping[str, Mapping[str, str]] = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES, "ar": _AR}


def own_words(language: str) -> Mapping[str, str]:
    """The small pages' sentences in this language; English where we have none."""
    return _ALL.get(language, _EN)


def preferred(accept_language: str) -> str:
    """The first language that a browser asks for (RFC 9110 12.5.4) and that we speak; English where there is none."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language[:200].split(",")[:20]):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or "1")
        except ValueError:
            continue
        wanted.append((-quality, place, tag.partition("-")[0].strip().lower()))
    return next((tag for quality, _, tag in sorted(wanted) if tag in _ALL and quality < 0), "en")

// The words of mail systems and mail programs in the languages they come in. Collected 2026-11-28 from RFC 3464, 3834,
// 5230 and 8098, from the templates of Exchange, Gmail, Exim, Postfix, Sendmail, qmail, Courier, OpenSMTPD, Dovecot,
// Domino and Communigate, and from what mail programs put before subjects. Words are facts; no list was copied.
#include "mail/inspect/words.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "mail/structure.h"

namespace inboxpro::inspection {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kReply[] = {
    "re",   "aw",    "antw", "antwort", "sv",  "vs",  "r",  "rif",  "res", "resp",      "rép",     "odp",  "odg",
    "ynt",  "yanıt", "vá",   "válasz",  "atb", "bls", "απ", "σχετ", "отв", "ответ",     "на",      "回复", "回覆",
    "答复", "返信",  "답장", "회신",    "השב", "رد",  "ré", "svar", "ats", "atsakymas", "trả lời", "re-",  "reply"};
constexpr std::string_view kForward[] = {
    "fwd",     "fw",         "wg",     "weitergeleitet", "tr",   "i",     "inoltra", "rv",    "reenv",
    "vl",      "vb",         "enc",    "doorst",         "pd",   "prosl", "ilt",     "i̇lt",   "továbbítás",
    "tov",     "πρθ",        "пересл", "转发",           "轉寄", "転送",  "전달",    "הועבר", "إعادة توجيه",
    "videres", "vidaresend", "edt"};

constexpr std::string_view kAbsenceSubjects[] = {"automatic reply",
                                                 "automatic response",
                                                 "automated reply",
                                                 "automated response",
                                                 "auto reply",
                                                 "auto-reply",
                                                 "autoreply",
                                                 "auto response",
                                                 "auto-response",
                                                 "autoresponse",
                                                 "autoresponder",
                                                 "auto:",
                                                 "auto-submitted",
                                                 "out of office",
                                                 "out of the office",
                                                 "out-of-office",
                                                 "ooo:",
                                                 "[ooo]",
                                                 "not in the office",
                                                 "away from my mail",
                                                 "away from the office",
                                                 "away until",
                                                 "away from my desk",
                                                 "i am away",
                                                 "i'm away",
                                                 "vacation reply",
                                                 "vacation response",
                                                 "vacation notice",
                                                 "away notice",
                                                 "absence notification",
                                                 "abwesenheit",
                                                 "automatische antwort",
                                                 "automatische rückmeldung",
                                                 "nicht im büro",
                                                 "autom. antwort",
                                                 "réponse automatique",
                                                 "réponse auto",
                                                 "absence du bureau",
                                                 "absent du bureau",
                                                 "message d'absence",
                                                 "respuesta automática",
                                                 "respuesta automatica",
                                                 "fuera de la oficina",
                                                 "fuera de oficina",
                                                 "ausente de la oficina",
                                                 "resposta automática",
                                                 "resposta automatica",
                                                 "fora do escritório",
                                                 "fora do escritorio",
                                                 "ausência do escritório",
                                                 "ausente do escritório",
                                                 "risposta automatica",
                                                 "fuori sede",
                                                 "fuori ufficio",
                                                 "assente dall'ufficio",
                                                 "automatisch antwoord",
                                                 "automatische beantwoording",
                                                 "autosvar",
                                                 "automatiskt svar",
                                                 "automatisk svar",
                                                 "automatiskt meddelande",
                                                 "frånvaro",
                                                 "fravær",
                                                 "fraværende",
                                                 "ikke til stede",
                                                 "inte på kontoret",
                                                 "ikke på kontoret",
                                                 "automaattinen vastaus",
                                                 "odpowiedź automatyczna",
                                                 "automatyczna odpowiedź",
                                                 "poza biurem",
                                                 "nieobecność",
                                                 "autoodpowiedź",
                                                 "automatická odpověď",
                                                 "mimo kancelář",
                                                 "automatická odpoveď",
                                                 "automatikus válasz",
                                                 "házon kívül",
                                                 "răspuns automat",
                                                 "automatski odgovor",
                                                 "samodejni odgovor",
                                                 "automatinis atsakymas",
                                                 "automātiskā atbilde",
                                                 "αυτόματη απάντηση",
                                                 "εκτός γραφείου",
                                                 "otomatik yanıt",
                                                 "ofis dışında",
                                                 "автоматический ответ",
                                                 "автоответ",
                                                 "автоматична відповідь",
                                                 "автовідповідь",
                                                 "автоматичен отговор",
                                                 "自動返信",
                                                 "自動応答",
                                                 "不在通知",
                                                 "不在のお知らせ",
                                                 "自动回复",
                                                 "自動回覆",
                                                 "自動回復",
                                                 "不在办公室",
                                                 "자동 회신",
                                                 "자동회신",
                                                 "부재중",
                                                 "자동 응답",
                                                 "ตอบกลับอัตโนมัติ",
                                                 "trả lời tự động",
                                                 "balasan otomatis",
                                                 "jawapan automatik",
                                                 "מענה אוטומטי",
                                                 "תשובה אוטומטית",
                                                 "رد تلقائي",
                                                 "الرد التلقائي"};

/// Words that people use as well: they count only where something else says that a program wrote.
constexpr std::string_view kMaybeAbsenceSubjects[] = {"on vacation",
                                                      "on holiday",
                                                      "on leave",
                                                      "annual leave",
                                                      "maternity leave",
                                                      "parental leave",
                                                      "im urlaub",
                                                      "eingangsbestätigung",
                                                      "en congé",
                                                      "de férias",
                                                      "in ferie",
                                                      "poissa",
                                                      "lomalla",
                                                      "外出",
                                                      "в отпуске",
                                                      "ooo ",
                                                      "abwesend",
                                                      "afwezig",
                                                      "niet aanwezig",
                                                      "нет на месте",
                                                      "awaits moderator approval",
                                                      "confirm your message",
                                                      "ticket received",
                                                      "request received",
                                                      "we have received",
                                                      "we received your",
                                                      "received your"};

constexpr std::string_view kFailureSubjects[] = {"undeliver",
                                                 "nondeliver",
                                                 "non-deliver",
                                                 "delivery status notification",
                                                 "delivery notification",
                                                 "returned mail",
                                                 "returned to sender",
                                                 "return to sender",
                                                 "mail delivery fail",
                                                 "message delivery fail",
                                                 "email delivery fail",
                                                 "delivery failure",
                                                 "delivery failed",
                                                 "delivery has failed",
                                                 "delivery error",
                                                 "delivery problem",
                                                 "delivery unsuccessful",
                                                 "delivery report",
                                                 "delivery attempt",
                                                 "mail delivery status",
                                                 "mail delivery system",
                                                 "mail system error",
                                                 "failure notice",
                                                 "failed mail",
                                                 "mail failure",
                                                 "could not be delivered",
                                                 "could not deliver",
                                                 "couldn't be delivered",
                                                 "unable to deliver",
                                                 "cannot deliver",
                                                 "could not send message",
                                                 "cannot send message",
                                                 "not delivered",
                                                 "message rejected",
                                                 "mail rejected",
                                                 "rejected:",
                                                 "rejected mail",
                                                 "address not found",
                                                 "user unknown",
                                                 "unknown user",
                                                 "mailbox full",
                                                 "postmaster notify",
                                                 "bounced mail",
                                                 "mail bounced",
                                                 "message blocked",
                                                 "problem with your message",
                                                 "message not sent",
                                                 "bounce message",
                                                 "[bounce]",
                                                 "failure delivery",
                                                 "error sending",
                                                 "message status",
                                                 "mail returned",
                                                 "nicht zugestellt",
                                                 "unzustellbar",
                                                 "zustellung fehlgeschlagen",
                                                 "nicht zustellbar",
                                                 "zustellungsfehler",
                                                 "non remis",
                                                 "non délivr",
                                                 "échec de la remise",
                                                 "échec de remise",
                                                 "échec d'envoi",
                                                 "retour à l'expéditeur",
                                                 "non distribu",
                                                 "no se puede entregar",
                                                 "no se pudo entregar",
                                                 "no entregado",
                                                 "error de entrega",
                                                 "correo devuelto",
                                                 "devuelto",
                                                 "não entregue",
                                                 "não foi possível entregar",
                                                 "falha na entrega",
                                                 "não foi entregue",
                                                 "não é possível entregar",
                                                 "não pode ser entregue",
                                                 "mensagem devolvida",
                                                 "non recapitabile",
                                                 "mancato recapito",
                                                 "impossibile recapitare",
                                                 "mancata consegna",
                                                 "non consegnato",
                                                 "onbestelbaar",
                                                 "niet bezorgd",
                                                 "niet afgeleverd",
                                                 "bezorging mislukt",
                                                 "kan inte levereras",
                                                 "olevererbar",
                                                 "kunde inte levereras",
                                                 "kan ikke leveres",
                                                 "kunne ikke leveres",
                                                 "ikke leveret",
                                                 "ikke levert",
                                                 "toimitus epäonnistui",
                                                 "ei voitu toimittaa",
                                                 "niedostarcz",
                                                 "nie można dostarczyć",
                                                 "nie dostarczono",
                                                 "nedoručiteln",
                                                 "nedoručeno",
                                                 "kézbesíthetetlen",
                                                 "nelivrat",
                                                 "teslim edilemedi",
                                                 "iletilemedi",
                                                 "δεν παραδόθηκε",
                                                 "αδυναμία παράδοσης",
                                                 "недоставлен",
                                                 "не доставлен",
                                                 "не может быть доставлено",
                                                 "не удалось доставить",
                                                 "невозможно доставить",
                                                 "配信不能",
                                                 "配信できません",
                                                 "配信エラー",
                                                 "送信エラー",
                                                 "エラーメール",
                                                 "送達不能",
                                                 "无法送达",
                                                 "未送达",
                                                 "无法投递",
                                                 "退信",
                                                 "投递失败",
                                                 "無法傳送",
                                                 "無法送達",
                                                 "배달되지",
                                                 "배달 실패",
                                                 "전송 실패",
                                                 "반송"};

constexpr std::string_view kDelay[] = {"(delay)",
                                       "delayed",
                                       "delivery delay",
                                       "delay notification",
                                       "still being retried",
                                       "could not send message for past",
                                       "has not been delivered yet",
                                       "not yet been delivered",
                                       "not been delivered yet",
                                       "will be retried",
                                       "will keep trying",
                                       "temporarily undeliverable",
                                       "delivery incomplete",
                                       "delivery is delayed",
                                       "temporary problem",
                                       "warning only",
                                       "verzögert",
                                       "verspätet",
                                       "verzögerung",
                                       "retardé",
                                       "différé",
                                       "retrasad",
                                       "en retraso",
                                       "atrasad",
                                       "ritardo",
                                       "ritardat",
                                       "vertraagd",
                                       "försenad",
                                       "forsinket",
                                       "opóźni",
                                       "zpožděn",
                                       "задерж",
                                       "отложен",
                                       "遅延",
                                       "延迟",
                                       "延遲",
                                       "지연"};

constexpr std::string_view kReadSubjects[] = {"read:",
                                              "read receipt",
                                              "return receipt",
                                              "gelesen:",
                                              "lu :",
                                              "lu:",
                                              "leído:",
                                              "leido:",
                                              "lida:",
                                              "lido:",
                                              "letto:",
                                              "gelezen:",
                                              "läst:",
                                              "læst:",
                                              "lest:",
                                              "luettu:",
                                              "przeczytano:",
                                              "přečteno:",
                                              "olvasott:",
                                              "прочитано:",
                                              "開封済み:",
                                              "开封:",
                                              "已读:",
                                              "已讀:",
                                              "읽음:",
                                              "okundu:",
                                              "citit:",
                                              "αναγνώστηκε:",
                                              "not read:",
                                              "ungelesen gelöscht:",
                                              "disposition notification",
                                              "lesebestätigung",
                                              "confirmation de lecture",
                                              "accusé de réception",
                                              "confirmación de lectura",
                                              "confirmação de leitura",
                                              "conferma di lettura",
                                              "leesbevestiging",
                                              "开封回执",
                                              "開封確認"};

constexpr std::string_view kCertainSuccess[] = {
    "successful", "(success)", "(relay", "(delivered)", "delivery confirmation", "mail delivery status report"};
constexpr std::string_view kSuccessSubjects[] = {
    "delivered:",  "zugestellt:", "remis :",    "remis:",   "entregado:",        "entregue:",   "recapitato:",
    "consegnato:", "bezorgd:",    "levererat:", "leveret:", "levert:",           "toimitettu:", "dostarczono:",
    "доставлено:", "配信済み:",   "已送达:",    "relayed:", "weitergeleitet an",
};

constexpr std::string_view kAbsenceTexts[] = {
    "i am out of the office",
    "i'm out of the office",
    "i am currently out of",
    "i'm currently out of",
    "i will be out of",
    "i'll be out of",
    "i am away from",
    "i'm away from",
    "i am currently away",
    "i'm currently away",
    "i am on annual leave",
    "i am on leave",
    "i'm on leave",
    "i am on vacation",
    "i'm on vacation",
    "i am on holiday",
    "i'm on holiday",
    "i am on maternity",
    "i am on parental",
    "i am on sick",
    "i will not be reading my mail",
    "not be reading my mail",
    "your mail concerning",
    "with limited access to",
    "limited access to e-mail",
    "limited access to email",
    "limited access to my email",
    "no access to email",
    "no access to e-mail",
    "intermittent access",
    "until i return",
    "when i'm back",
    "when i am back",
    "this is an automatic",
    "this is an automated",
    "this is an auto",
    "automatic reply",
    "automated reply",
    "automatic response",
    "automated response",
    "autoreply",
    "auto-reply",
    "auto reply",
    "autoresponder",
    "we have received your",
    "we've received your",
    "your message has been received",
    "your email has been received",
    "your e-mail has been received",
    "your request has been received",
    "your request has been created",
    "a ticket has been",
    "ticket has been created",
    "no longer works",
    "no longer working",
    "has left the company",
    "is no longer in use",
    "no longer in use",
    "no longer monitored",
    "is not monitored",
    "not being monitored",
    "unmonitored",
    "address is no longer",
    "ich bin nicht im",
    "ich bin derzeit",
    "ich bin zurzeit",
    "ich bin zur zeit",
    "nicht im büro",
    "nicht am arbeitsplatz",
    "nicht im haus",
    "in elternzeit",
    "ihre nachricht wird nicht weitergeleitet",
    "ihre e-mail wird nicht",
    "automatisch erstellt",
    "automatisch generiert",
    "automatische antwort",
    "vielen dank für ihre anfrage",
    "nicht mehr im unternehmen",
    "wird nicht mehr gelesen",
    "je suis absent",
    "je serai absent",
    "je serai de retour",
    "réponse automatique",
    "absente du bureau",
    "absent du bureau",
    "nous avons bien reçu",
    "message automatique",
    "estoy fuera de",
    "estaré fuera",
    "me encuentro fuera",
    "estaré ausente",
    "estoy de vacaciones",
    "respuesta automática",
    "hemos recibido su",
    "mensaje automático",
    "estou fora",
    "estarei fora",
    "estou de férias",
    "estarei ausente",
    "resposta automática",
    "mensagem automática",
    "sono fuori",
    "sarò fuori",
    "sono assente",
    "sarò assente",
    "sono in ferie",
    "risposta automatica",
    "messaggio automatico",
    "ik ben afwezig",
    "ik ben niet aanwezig",
    "ik ben met vakantie",
    "ik ben op vakantie",
    "automatisch bericht",
    "automatisch antwoord",
    "jag är på semester",
    "jag är inte på",
    "jag är ledig",
    "jag är frånvarande",
    "autosvar",
    "automatiskt svar",
    "jeg er på ferie",
    "jeg holder ferie",
    "jeg er ude af",
    "automatisk svar",
    "olen lomalla",
    "olen poissa",
    "automaattinen",
    "jestem poza",
    "jestem na urlopie",
    "przebywam na urlopie",
    "wiadomość automatyczna",
    "jsem mimo",
    "jsem na dovolené",
    "mimo kancelář",
    "szabadságon",
    "sunt în concediu",
    "tatildeyim",
    "izindeyim",
    "ofis dışında",
    "я в отпуске",
    "нахожусь в отпуске",
    "автоматический ответ",
    "я не в офисе",
    "ваше письмо получено",
    "я у відпустці",
    "不在にして",
    "自動返信",
    "自动回复",
    "自動回覆",
    "我正在休假",
    "不在办公室",
    "부재중",
};

constexpr std::string_view kMaybeAbsenceTexts[] = {"i am currently on",
                                                   "i'm currently on leave",
                                                   "your message regarding",
                                                   "i am at a conference",
                                                   "i am travelling",
                                                   "i am traveling",
                                                   "upon my return",
                                                   "on my return",
                                                   "when i return",
                                                   "do not reply to this",
                                                   "please do not reply",
                                                   "automatically generated",
                                                   "auto-generated",
                                                   "autogenerated",
                                                   "thank you for contacting",
                                                   "thanks for contacting",
                                                   "thank you for your message. we",
                                                   "has been assigned to",
                                                   "ticket number",
                                                   "your ticket",
                                                   "case number",
                                                   "we will get back to you",
                                                   "a member of our team will",
                                                   "one of our team",
                                                   "i have left",
                                                   "no longer with",
                                                   "address has changed",
                                                   "my email address has changed",
                                                   "my new email",
                                                   "ich bin bis",
                                                   "ich bin vom",
                                                   "ich bin ab dem",
                                                   "im urlaub",
                                                   "abwesend",
                                                   "vielen dank für ihre nachricht",
                                                   "ihre anfrage ist",
                                                   "wir haben ihre",
                                                   "je suis actuellement",
                                                   "en congé",
                                                   "de vacaciones",
                                                   "recebemos sua",
                                                   "recebemos o seu",
                                                   "abbiamo ricevuto",
                                                   "ik ben momenteel",
                                                   "wij hebben uw",
                                                   "är på semester",
                                                   "jeg er ikke",
                                                   "do dnia",
                                                   "ваше обращение",
                                                   "休暇",
                                                   "出張",
                                                   "自動的に",
                                                   "자동",
                                                   "휴가",
                                                   "has been received and",
                                                   "this mailbox is not",
                                                   "i will return on",
                                                   "i'll return on",
                                                   "i will be back on",
                                                   "i'll be back on"};

constexpr std::string_view kFailureTexts[] = {"could not be delivered",
                                              "couldn't be delivered",
                                              "could not deliver",
                                              "couldn't deliver",
                                              "can't be delivered",
                                              "cannot be delivered",
                                              "can not be delivered",
                                              "was not delivered",
                                              "wasn't delivered",
                                              "not be delivered",
                                              "unable to deliver",
                                              "wasn't able to deliver",
                                              "was unable to deliver",
                                              "not able to deliver",
                                              "did not reach the following",
                                              "undeliverable",
                                              "undelivered",
                                              "non-deliver",
                                              "delivery to the following",
                                              "delivery failed",
                                              "delivery has failed",
                                              "delivery failure",
                                              "delivery error",
                                              "delivery attempts",
                                              "failure reasons",
                                              "failed to deliver",
                                              "failed permanently",
                                              "following addresses had",
                                              "following address failed",
                                              "following address(es) failed",
                                              "following recipients",
                                              "recipient address rejected",
                                              "recipient rejected",
                                              "user unknown",
                                              "unknown user",
                                              "no such user",
                                              "mailbox unavailable",
                                              "mailbox is full",
                                              "mailbox full",
                                              "over quota",
                                              "quota exceeded",
                                              "does not exist",
                                              "address rejected",
                                              "permanent error",
                                              "fatal error",
                                              "permanent fail",
                                              "returned to you",
                                              "returned to sender",
                                              "returned message",
                                              "transcript of session",
                                              "message that you sent",
                                              "message you sent",
                                              "your message to",
                                              "550 5.",
                                              "550-5.",
                                              "554 5.",
                                              " 550 ",
                                              "552 5.",
                                              "error has occurred while attempting",
                                              "hop count exceeded",
                                              "host unknown",
                                              "relay access denied",
                                              "nicht zugestellt",
                                              "nicht zustellen",
                                              "unzustellbar",
                                              "n'a pas pu être",
                                              "n'a pu être remis",
                                              "non remis",
                                              "no se ha podido entregar",
                                              "no se pudo entregar",
                                              "no ha podido ser entregado",
                                              "não pôde ser entregue",
                                              "não foi possível entregar",
                                              "non è stato possibile",
                                              "non è stato recapitato",
                                              "kon niet worden",
                                              "kunde inte levereras",
                                              "kunne ikke leveres",
                                              "nie zostało dostarczone",
                                              "не удалось доставить",
                                              "не было доставлено",
                                              "не может быть доставлено",
                                              "送信できません",
                                              "配信できません",
                                              "配送できません",
                                              "届きません",
                                              "見つかりません",
                                              "送信されませんでした",
                                              "无法送达",
                                              "无法投递",
                                              "退回",
                                              "전달되지",
                                              "전송되지",
                                              "배달하지"};

constexpr std::string_view kMailSystemNames[] = {
    "mailer-daemon",        "mailer daemon",       "mailerdaemon",        "mail delivery sub",
    "mail delivery system", "mail deliver system", "mail delivery agent", "mail delivery service",
    "mail administrator",   "mail system",         "delivery subsystem",  "internet mail delivery",
    "system administrator", "mail router",         "systemadministrator"};
constexpr std::string_view kMailSystemUsers[] = {"mailer-daemon", "mailerdaemon",  "mailer_daemon", "mail-daemon",
                                                 "maildaemon",    "mail-delivery", "bounce",        "bounces"};

constexpr std::string_view kUnattended[] = {"noreply",  "no-reply",     "no_reply",      "donotreply", "do-not-reply",
                                            "notifica", "notification", "notifications", "newsletter", "mailing"};

/// A line like these leads to what is quoted.
constexpr std::string_view kOriginalLines[] = {"-----original message-----",   "----- original message -----",
                                               "---- original message ----",   "-----original message",
                                               "-----ursprüngliche nachricht", "----- ursprüngliche nachricht",
                                               "-----message d'origine",       "-----mensaje original",
                                               "-----mensagem original",       "-----messaggio originale",
                                               "-----oorspronkelijk bericht",  "-----ursprungligt meddelande",
                                               "-----oprindelig meddelelse",   "-----opprinnelig melding",
                                               "-----alkuperäinen viesti",     "-----wiadomość oryginalna",
                                               "-----původní zpráva",          "-----исходное сообщение",
                                               "-----original-nachricht",      "-------- original message --------",
                                               "-----元のメッセージ",          "-----原始邮件",
                                               "------------------ 原始邮件",  "------ original message ------"};
constexpr std::string_view kForwardLines[] = {
    "forwarded message",          "begin forwarded",     "weitergeleitete nachricht",
    "message transféré",          "message transmis",    "mensaje reenviado",
    "mensagem encaminhada",       "messaggio inoltrato", "doorgestuurd bericht",
    "vidarebefordrat meddelande", "videresendt",         "przekazana wiadomość",
    "пересылаемое сообщение",     "转发的邮件",          "転送されたメッセージ",
    "original message follows"};
constexpr std::string_view kWrote[] = {
    "wrote:",      "schrieb:", "schrieb ",         "écrit :",    "écrit:",  "escribió:", "escreveu:",
    "ha scritto:", "schreef:", "skrev:",           "kirjoitti:", "napisał", "napsal",    "írta:",
    "a scris:",    "yazdı:",   "έγραψε:",          "писал",      "написал", "пише:",     "寫道",
    "写道",        "作成：",   "さんは書きました", "님이 작성"};
constexpr std::string_view kFromLines[] = {
    "from:", "von:",    "de :",      "de:", "da:",     "van:",    "från:",   "fra:",      "lähettäjä:",
    "od:",   "feladó:", "gönderen:", "от:", "差出人:", "发件人:", "發件人:", "보낸 사람:"};
constexpr std::string_view kSentLines[] = {
    "sent:",      "date:",     "gesendet:", "datum:",    "envoyé",      "date :",      "enviado",
    "enviada",    "fecha:",    "data:",     "inviato:",  "verzonden:",  "skickat:",    "sendt:",
    "lähetetty:", "wysłano:",  "odesláno:", "elküldve:", "gönderildi:", "отправлено:", "дата:",
    "送信日時:",  "发送时间:", "寄件日期:", "보낸 날짜:"};

bool holds_any(std::string_view text, Words words) {
    return std::ranges::any_of(words, [&](auto word) { return text.contains(word); });
}
bool begins_with_any(std::string_view text, Words words) {
    return std::ranges::any_of(words, [&](auto word) { return text.starts_with(word); });
}
bool is_any(std::string_view text, Words words) {
    return std::ranges::find(words, text) != words.end();
}

/// Takes the next line off the text.
std::string_view next_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return trimmed(line);
}

std::string_view local_part(std::string_view address) {
    return address.substr(0, address.find('@'));
}

/// What the writer put there, before anything that is quoted.
std::string_view own_words(std::string_view text) {
    auto rest = text;
    while (!rest.empty()) {
        const auto begun = text.size() - rest.size();
        const auto line = next_line(rest);
        if (line.starts_with('>') || begins_with_any(line, kOriginalLines)) return text.substr(0, begun);
    }
    return text;
}

constexpr std::size_t kLongestPrefix = 24;
/// An automatic answer says so soon.
constexpr std::size_t kOpening = 700;

}  // namespace

Prefix prefix_of(std::string_view subject) {
    subject = trimmed(subject);
    auto end = subject.find(':');
    if (const auto wide = subject.find("："); wide < end) end = wide;
    if (end == std::string_view::npos || end > kLongestPrefix) return Prefix::none;
    auto word = trimmed(subject.substr(0, end));
    // "re[2]", "re (3)", "re^2"
    word = trimmed(word.substr(0, word.find_first_of("[(^*")));
    if (is_any(word, kReply)) return Prefix::reply;
    return is_any(word, kForward) ? Prefix::forward : Prefix::none;
}

bool speaks_of_absence(std::string_view subject) {
    return holds_any(subject, kAbsenceSubjects);
}
bool may_speak_of_absence(std::string_view subject) {
    return holds_any(subject, kMaybeAbsenceSubjects);
}
bool speaks_of_failure(std::string_view subject) {
    return holds_any(subject, kFailureSubjects);
}
bool speaks_of_delay(std::string_view text) {
    return holds_any(text, kDelay);
}
bool speaks_of_reading(std::string_view subject) {
    return begins_with_any(trimmed(subject), kReadSubjects);
}
bool speaks_of_success(std::string_view subject) {
    // Exim's; whoever reports a failure under this title says so in brackets behind it.
    if (trimmed(subject) == "delivery status notification") return true;
    return holds_any(subject, kCertainSuccess) || (holds_any(subject, kSuccessSubjects) && !speaks_of_failure(subject));
}

bool reads_like_absence(std::string_view text) {
    return holds_any(own_words(text).substr(0, kOpening), kAbsenceTexts);
}
bool may_read_like_absence(std::string_view text) {
    return holds_any(own_words(text).substr(0, kOpening), kMaybeAbsenceTexts);
}
bool reads_like_failure(std::string_view text) {
    return holds_any(text.substr(0, 4 * kOpening), kFailureTexts);
}

bool forwards_a_mail(std::string_view text) {
    return holds_any(text, kForwardLines);
}

bool quotes_a_mail(std::string_view text) {
    auto rest = text;
    bool own = false;
    bool from = false;
    std::string_view before;
    while (!rest.empty()) {
        const auto line = next_line(rest);
        if (line.empty()) continue;
        const bool wrote =
            (line.ends_with(':') || line.ends_with("：")) && (holds_any(line, kWrote) || holds_any(before, kWrote));
        if (own && (begins_with_any(line, kOriginalLines) || (from && begins_with_any(line, kSentLines)))) return true;
        if (line.starts_with('>') && holds_any(before, kWrote)) return true;
        if (wrote && own && trimmed(rest).starts_with('>')) return true;
        from = begins_with_any(line, kFromLines);
        if (!from && !wrote) own = true;
        before = line;
    }
    return false;
}

bool is_mail_system(std::string_view address) {
    return is_any(local_part(address), kMailSystemUsers) || address.starts_with("microsoftexchange329e71ec88ae4615bbc");
}
bool is_mail_system_name(std::string_view name) {
    return holds_any(name, kMailSystemNames);
}
bool is_postmaster(std::string_view address) {
    return local_part(address).contains("postmaster");
}
bool is_unattended(std::string_view address) {
    return holds_any(local_part(address), kUnattended);
}

}  // namespace inboxpro::inspection

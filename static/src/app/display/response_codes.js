/**
 * What a cashier does about a bank's response code.
 *
 * Codes: field 39 of ISO 8583:1987 and AS 2805, with the meanings that Australian banks
 * give them to merchants (Westpac's PayWay, "Credit Card Status Codes"; NAB's PC-EFTPOS
 * manual, "Response codes"). The advice is the one of such lists, shortened to one step.
 * It never says more about a card than the customer may hear aloud. A code that is not
 * here gives no advice.
 */
import {_t} from "@web/core/l10n/translation";

const TRY_AGAIN = "try_again";
const CHECK_PIN = "check_pin";
const OTHER_CARD = "other_card";
const CALL_BANK = "call_bank";

/** Two digits each, by what there is to do. */
const CODES = {
    // 06 error, 09 in progress, 19 enter again, 21 no action taken, 22 malfunction,
    // 68 answer too late, 90 cut-off, 91 issuer unavailable, 92 no route, 96 system
    [TRY_AGAIN]: ["06", "09", "19", "21", "22", "68", "90", "91", "92", "96"],
    // 55 wrong PIN
    [CHECK_PIN]: ["55"],
    // 01, 02 refer to issuer, 04, 07 pick up, 05 do not honour, 14 number, 15 issuer,
    // 31 bank, 33, 54 expired, 34, 59 suspected fraud, 36, 62 restricted, 38, 75 PIN
    // tries, 39, 42, 44, 52, 53 no such account, 41 lost, 43 stolen, 51 funds,
    // 57 not permitted to this card, 61, 65 limits, 63 security, 67 pick up
    [OTHER_CARD]: [
        ...["01", "02", "04", "05", "07", "14", "15", "31", "33", "34", "36", "38"],
        ...["39", "41", "42", "43", "44", "51", "52", "53", "54", "57", "59", "61"],
        ...["62", "63", "65", "67", "75"],
    ],
    // 03 merchant, 12 transaction, 13 amount, 30 format, 40 function, 58 not permitted
    // to this terminal, 98 message authentication
    [CALL_BANK]: ["03", "12", "13", "30", "40", "58", "98"],
};

const BY_CODE = new Map(
    Object.entries(CODES).flatMap(([advice, codes]) =>
        codes.map((code) => [code, advice])
    )
);

/** Three digits in the messages that have been seen; two in the standard. */
const CODE = /^\s*\(0?(\d\d)\)/;

/**
 * @param {String} message mx51's, such as "(051) DECLINED"
 * @returns {String} one sentence, empty where nothing is known
 */
export function adviceFor(message) {
    const [, code] = CODE.exec(message || "") || [];
    const advices = {
        [TRY_AGAIN]: _t("The bank could not be reached. Try again."),
        [CHECK_PIN]: _t("Wrong PIN. Try again, or use another card."),
        [OTHER_CARD]: _t(
            "The customer's bank does not accept this. Ask for another card."
        ),
        [CALL_BANK]: _t(
            "The terminal may not be set up for this. If it happens again, call your " +
                "bank."
        ),
    };
    return advices[BY_CODE.get(code)] || "";
}

import {deserializeDateTime} from "@web/core/l10n/dates";

const {DateTime} = luxon;

/**
 * @param {String} text a moment of the server
 * @returns {Boolean} whether it is of today, where the register stands
 */
export function isToday(text) {
    return deserializeDateTime(text).hasSame(DateTime.now(), "day");
}

/**
 * @param {String} text a moment of the server
 * @returns {String} `21:04`, with the day of the week where it is not today
 */
export function clock(text) {
    const moment = deserializeDateTime(text);
    return moment.toFormat(isToday(text) ? "HH:mm" : "ccc HH:mm");
}

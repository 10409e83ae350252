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
 * @returns {String} `21:04`, with the day of the week where it is not today, or the
 * date where that says too little
 */
export function clock(text) {
    const moment = deserializeDateTime(text);
    if (isToday(text)) {
        return moment.toFormat("HH:mm");
    }
    const isOfWeek = moment > DateTime.now().minus({days: 6});
    return moment.toFormat(isOfWeek ? "ccc HH:mm" : "d LLL HH:mm");
}

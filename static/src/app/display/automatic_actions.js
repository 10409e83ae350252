import {browser} from "@web/core/browser/browser";

const STORAGE_KEY = "pos_mx51_sci.automatic_actions";

/** Payments that are remembered; far more than a register has under way. */
const KEPT = 50;

function read() {
    try {
        const claims = JSON.parse(browser.localStorage.getItem(STORAGE_KEY) || "[]");
        return Array.isArray(claims) ? claims.filter(Boolean) : [];
    } catch {
        return [];
    }
}

function write(claims) {
    try {
        browser.localStorage.setItem(STORAGE_KEY, JSON.stringify(claims));
    } catch (error) {
        console.warn("Card payments: what was done could not be kept", error);
    }
}

/**
 * Automatic actions run once for each version of a row: in whichever tab of this
 * browser gets here first, before or after a reload.
 * @param {SciPaymentView} view
 * @returns {Boolean} whether the caller is to run them
 */
export function claimAutomaticActions({payment_uuid: uuid, id, version}) {
    const claims = read();
    const last = claims.find((claim) => claim.uuid === uuid);
    if (last && (last.id > id || (last.id === id && last.version >= version))) {
        return false;
    }
    const others = claims.filter((claim) => claim !== last);
    write([...others, {uuid, id, version}].slice(-KEPT));
    return true;
}

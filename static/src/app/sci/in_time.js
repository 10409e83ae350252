import {browser} from "@web/core/browser/browser";

/** Milliseconds that Odoo gets for what has to be done before a payment can leave. */
export const PREPARING = 20000;

/**
 * An Odoo that is silent must not hold a payment of which nothing has left yet.
 * @param {Promise} answer
 * @returns {Promise} rejected when the answer takes too long
 */
export function inTime(answer) {
    let timer = null;
    const late = new Promise((_resolve, reject) => {
        timer = browser.setTimeout(
            () => reject(new Error("Odoo has not answered in time.")),
            PREPARING
        );
    });
    return Promise.race([answer, late]).finally(() => browser.clearTimeout(timer));
}

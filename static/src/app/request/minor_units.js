/**
 * Money leaves the browser as an integer in minor units (cents for AUD), never as a
 * float: the protocol's amounts are integers, and 19.99 * 100 is not 1999.
 */

/**
 * @param {Object} config the register
 * @returns {Number} decimals of its currency's minor unit, by ISO 4217; how many Odoo
 * shows is a setting, which counts for nothing but currencies that ISO does not know
 */
export function exponentOf({_sci_exponent: exponent, currency_id: currency}) {
    return exponent ?? currency.decimal_places;
}

/**
 * @param {Number} amount in the currency's own unit, already rounded to it
 * @param {Number} decimals see `exponentOf`
 * @returns {Number} integer
 * @throws {RangeError} when the amount is not a number of minor units
 */
export function toMinorUnits(amount, decimals) {
    const text = Number(amount).toFixed(decimals);
    const error = Math.abs(Number(text) - amount);
    const minor = Number(text.replace(".", ""));
    if (!Number.isSafeInteger(minor) || !(error < 10 ** -decimals / 1000)) {
        throw new RangeError(`${amount} is not a number of minor units`);
    }
    return minor + 0;
}

/**
 * @param {Number} minor integer in minor units
 * @param {Number} decimals see `exponentOf`
 * @returns {Number} amount in the currency's own unit
 */
export function fromMinorUnits(minor, decimals) {
    return Number(`${minor}e-${decimals}`);
}

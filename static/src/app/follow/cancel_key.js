/** @returns {Boolean} whether mx51 calls a button of its form a cancellation */
export function isCancelKey(key) {
    return key.toLowerCase().includes("cancel");
}

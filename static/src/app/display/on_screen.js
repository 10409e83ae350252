/** @returns {Boolean} whether the cashier is looking at that order's payment screen */
export function isOnPaymentScreen(pos, order) {
    const {current, params} = pos.router.state;
    return current === "PaymentScreen" && params.orderUuid === order.uuid;
}

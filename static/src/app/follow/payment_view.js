/**
 * What Odoo tells the browser about a ledger row: no URL, no secret. Every payment
 * method of `pos.sci.transaction` (`sci_start`, `sci_poll`, `sci_cancel`, `sci_submit`,
 * `sci_override`, `sci_resume`) answers with this. A test compares the names with the
 * server's view.
 *
 * @typedef {Object} SciPaymentView
 * @property {Number|false} id of the row; false when a start was refused without one
 * @property {String} payment_uuid of the payment line
 * @property {Number} attempt 1 for the first, one more after each retry
 * @property {String} order_uuid of the order
 * @property {String} kind purchase, purchase_with_cashout, cashout, moto or refund
 * @property {String} status draft, sending, unknown, not_sent, or mx51's PENDING, AWAITING_POS, FINALISED
 * @property {String|false} financial_status mx51's APPROVED, DECLINED, CANCELLED or UNKNOWN
 * @property {Number} version raised with each change that mx51 reports
 * @property {String} message mx51's text for people, empty when there is none
 * @property {Object} amounts asked for, by name, integers in minor units
 * @property {Object|false} result_amounts charged, by name, integers in minor units
 * @property {String|false} merchant_receipt laid out for a roll
 * @property {String|false} customer_receipt laid out for a roll
 * @property {Object|false} pos_instructions mx51's form and automatic actions, without URLs
 * @property {Object|false} error `{code, message, hint}` of the last request, for people
 * @property {Number} terminal_id of the terminal it was sent to
 * @property {String} terminal_name of the terminal it was sent to
 * @property {Number} config_id of the register
 * @property {Boolean} cancel_requested whether a cashier asked to cancel
 * @property {String|false} overridden yes or no, where a person stated the outcome
 * @property {Boolean} paid whether the customer has paid
 * @property {Boolean} unresolved whether money may still move
 * @property {Boolean} override_open whether a person may state the outcome now
 * @property {Number|false} override_in seconds until a person may state the outcome
 * @property {Number} silent_for seconds since mx51 last answered, 0 when resolved
 * @property {Number} elapsed seconds since the payment was sent
 * @property {Number|false} order_id of the order on the server
 * @property {String|false} order_state of that order: draft, paid, done or cancel
 * @property {Boolean} posted whether the order on the server has what was charged
 * @property {String|false} cancel_state of the cancel request: due, sent, accepted, refused (not done, sent again by itself) or no_answer (a person may send it again)
 * @property {Number} look_every seconds between two looks at the ledger while a poll is held
 */

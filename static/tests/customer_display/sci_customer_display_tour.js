import * as CustomerDisplay from "@point_of_sale/../tests/customer_display/customer_display_utils";
import {registry} from "@web/core/registry";

const ORDER = {
    finalized: false,
    amount: "$ 5.10",
    paymentLines: [],
    lines: [],
    sciPayment: {text: "Please present your card", amount: "$ 5.20"},
};

registry.category("web_tour.tours").add("pos_mx51_sci.customer_display", {
    steps: () =>
        [
            CustomerDisplay.addProduct(ORDER, "a card payment runs"),
            {
                trigger:
                    ".o_sci_customer_display:contains(present your card):contains(5.20)",
            },
            CustomerDisplay.postMessage(
                {...ORDER, sciPayment: {text: "Declined", amount: "$ 5.20"}},
                "it was declined"
            ),
            {trigger: ".o_sci_customer_display:contains(Declined)"},
            CustomerDisplay.postMessage({...ORDER, sciPayment: null}, "cash instead"),
            {trigger: "body:not(:has(.o_sci_customer_display))"},
        ].flat(),
});

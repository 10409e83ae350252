import {cookie} from "@web/core/browser/cookie";
import {registry} from "@web/core/registry";

/** What the terminal shows; the test puts it where the tour can read it. */
function pairingCode() {
    return cookie.get("sci_pairing_code");
}

registry.category("web_tour.tours").add("pos_mx51_sci.pair", {
    steps: () => [
        {
            content: "type the code that the terminal shows",
            trigger: ".o_sci_pairing input[name=pairing_code]",
            run: ({anchor}) => {
                anchor.value = pairingCode();
                anchor.dispatchEvent(new Event("input", {bubbles: true}));
            },
        },
        {
            content: "pair",
            trigger: ".o_sci_pairing button[name=pair]",
            run: "click",
        },
        {
            content: "the confirmation code is shown, and confirmed on the terminal",
            trigger:
                ".o_sci_pairing:has(.o_sci_confirmation_code) .o_sci_confirming:contains(Confirmed on the terminal)",
        },
        {
            content: "test the pairing",
            trigger: ".o_sci_pairing button[name=test]",
            run: "click",
        },
        {
            content: "the terminal is paired",
            trigger: ".o_sci_pairing .o_sci_success:contains(This terminal is paired.)",
        },
    ],
});

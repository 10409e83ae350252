import {registry} from "@web/core/registry";

function isShown(key, state) {
    return {
        content: `${key} is ${state}`,
        trigger: `.o_sci_setup_check li[data-key="${key}"][data-state="${state}"]`,
    };
}

registry.category("web_tour.tours").add("sci_setup_check", {
    steps: () => [
        isShown("credentials", "warning"),
        isShown("waiting", "ok"),
        {
            content: "Look once more",
            trigger: ".o_sci_setup_check .btn:contains('Check again'):enabled",
            run: "click",
        },
        isShown("credentials", "warning"),
        {
            content: "Take the support bundle along",
            trigger: ".btn:contains('Download support bundle'):enabled",
            run: "click",
        },
        {
            content: "It was built",
            trigger:
                ".o_sci_setup_check:not(:has(.alert-danger)) .btn:contains('Download'):enabled",
        },
    ],
});

import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** What a state looks like, and what a screen reader says. */
const MARKS = {
    ok: {icon: "fa-check-circle text-success", label: _t("Right")},
    warning: {icon: "fa-exclamation-triangle text-warning", label: _t("To look at")},
    error: {icon: "fa-times-circle text-danger", label: _t("Wrong")},
    unknown: {icon: "fa-question-circle text-muted", label: _t("Not known")},
};

/** Lines of the set-up check. */
export class SciFindings extends Component {
    static template = "pos_mx51_sci.SciFindings";
    static props = {findings: Array};

    setup() {
        this.marks = MARKS;
    }
}

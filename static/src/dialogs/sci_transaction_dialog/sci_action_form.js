import {Component, useState} from "@odoo/owl";

/**
 * Draws the rows of a form (see dialogs/action_form.js): text, inputs with a visible
 * label, buttons. It knows nothing of what they mean.
 */
export class SciActionForm extends Component {
    static template = "pos_mx51_sci.SciActionForm";
    static components = {SciActionForm};
    static defaultProps = {isHidden: () => false};
    static props = {
        rows: Array,
        values: Object,
        primary: {type: Object, optional: true},
        isLocked: Boolean,
        isHidden: {type: Function, optional: true},
        press: Function,
    };

    setup() {
        this.broken = useState(new Set());
    }

    valueOf(name) {
        return this.props.values.get(name) || "";
    }

    /** Drawn at once, so that a later form with empty inputs counts as a change. */
    type(name, event) {
        this.props.values.set(name, event.target.value);
        this.render();
    }

    isDisabled(button) {
        return Boolean(button.submit) && this.props.isLocked;
    }

    isPrimary(button) {
        return this.props.primary?.id === button.id;
    }
}

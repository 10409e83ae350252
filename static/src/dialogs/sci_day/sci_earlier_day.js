import {Component, onMounted, useRef, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";

const {DateTime} = luxon;

/** Which earlier day the bank is asked about. */
export class SciEarlierDay extends Component {
    static template = "pos_mx51_sci.SciEarlierDay";
    static components = {Dialog};
    static props = {terminalName: String, choose: Function, close: Function};

    setup() {
        this.latest = DateTime.now().minus({days: 1}).toISODate();
        this.state = useState({day: this.latest});
        // Odoo's hook for this selects the text, which a date has not.
        const day = useRef("day");
        onMounted(() => day.el.focus());
    }

    choose() {
        if (this.state.day && this.state.day <= this.latest) {
            this.props.close();
            this.props.choose(this.state.day);
        }
    }
}

registry.category("lazy_components").add("SciEarlierDay", SciEarlierDay);

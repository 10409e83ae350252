import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useAutofocus} from "@web/core/utils/hooks";

const {DateTime} = luxon;

/** Which earlier day the bank is asked about. */
export class SciEarlierDay extends Component {
    static template = "pos_mx51_sci.SciEarlierDay";
    static components = {Dialog};
    static props = {terminalName: String, choose: Function, close: Function};

    setup() {
        this.latest = DateTime.now().minus({days: 1}).toISODate();
        this.state = useState({day: this.latest});
        useAutofocus({refName: "day"});
    }

    choose() {
        if (this.state.day && this.state.day <= this.latest) {
            this.props.close();
            this.props.choose(this.state.day);
        }
    }
}

registry.category("lazy_components").add("SciEarlierDay", SciEarlierDay);

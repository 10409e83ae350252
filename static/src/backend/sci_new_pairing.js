import {PairingPanel} from "../pairing/pairing_panel";
import {onWillUpdateProps} from "@odoo/owl";

/** The pairing screen for a terminal that may not exist yet: Pair makes it. */
export class SciNewPairing extends PairingPanel {
    static props = {
        ...PairingPanel.props,
        terminalId: {type: [Number, Boolean]},
        // What the shop calls it, and its pairing nickname unless somebody types another
        name: String,
        // Its pairing view while it does not exist
        form: Object,
    };

    setup() {
        super.setup();
        onWillUpdateProps(({name}) => {
            if (this.state.nickname === this.props.name) {
                this.state.nickname = name;
            }
        });
    }

    async call(method, args = [], silent = false) {
        if (method === "action_pair") {
            this.terminalId = await this.orm.call("pos.sci.set.up", "name_terminal", [
                this.props.name,
                this.terminalId || null,
            ]);
        }
        if (!this.terminalId) {
            return {...this.props.form, suggested_nickname: this.props.name};
        }
        return super.call(method, args, silent);
    }
}

import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {SciFindings} from "./sci_findings";
import {browser} from "@web/core/browser/browser";
import {downloadFile} from "@web/core/network/download";
import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** Milliseconds after which a request to `/websocket` counts as swallowed. */
export const LONGEST_WAIT = 10_000;
/** What the server is told then instead of an HTTP status. */
const SILENCE = 0;

/** Whether everything that card payments need is set up, and what to do if not. */
export class SciSetupCheck extends Component {
    static template = "pos_mx51_sci.SciSetupCheck";
    static components = {Layout, SciFindings};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        this.state = useState({findings: [], running: false, failure: ""});
        onWillStart(() => {
            this.check();
        });
    }

    get isAllRight() {
        const {findings} = this.state;
        return findings.length > 0 && findings.every(({state}) => state === "ok");
    }

    check() {
        return this.ask("check_setup", (findings) => {
            this.state.findings = findings;
        });
    }

    download() {
        return this.ask("build_bundle", (content) =>
            downloadFile(
                Uint8Array.from(atob(content), (char) => char.codePointAt(0)),
                "eftpos-support.zip",
                "application/zip"
            )
        );
    }

    async ask(method, onAnswer) {
        Object.assign(this.state, {running: true, failure: ""});
        try {
            const seen = await this.seenByBrowser();
            onAnswer(await this.orm.silent.call("pos.sci.support", method, [], seen));
        } catch (error) {
            this.state.failure = error.data?.message || error.message;
        } finally {
            this.state.running = false;
        }
    }

    /** The way that polls of this browser take: the proxy is part of it. */
    async seenByBrowser() {
        const xhr = new browser.XMLHttpRequest();
        const request = rpc("/websocket/mx51_sci/way", {}, {silent: true, xhr});
        let problem = null;
        const timer = browser.setTimeout(() => {
            problem = SILENCE;
            request.abort();
        }, LONGEST_WAIT);
        try {
            return {way: await request};
        } catch {
            return {problem: xhr.status || problem};
        } finally {
            browser.clearTimeout(timer);
        }
    }
}

registry.category("actions").add("pos_mx51_sci.setup_check", SciSetupCheck);

/** What of owl is used by code that draws nothing. */

export class EventBus extends EventTarget {
    trigger(name, detail) {
        this.dispatchEvent(new CustomEvent(name, {detail}));
    }
}

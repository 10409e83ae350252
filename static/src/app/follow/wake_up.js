/**
 * Calls when this page may have slept, or may have been cut off without a word: a
 * tablet wakes, the app comes to the front, the network is back.
 * @param {() => void} callback
 * @returns {() => void} ends it
 */
export function onWakeUp(callback) {
    const onVisible = () => {
        if (document.visibilityState === "visible") {
            callback();
        }
    };
    const signals = [
        [document, "visibilitychange", onVisible],
        [window, "online", callback],
        [window, "pageshow", callback],
    ];
    signals.forEach(([target, name, act]) => target.addEventListener(name, act));
    return () =>
        signals.forEach(([target, name, act]) => target.removeEventListener(name, act));
}

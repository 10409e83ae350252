/**
 * Calls when this page may have slept, or may have been cut off without a word: a
 * tablet wakes, the app comes to the front, the network is back.
 * @param {() => void} callback
 */
export function onWakeUp(callback) {
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") {
            callback();
        }
    });
    window.addEventListener("online", callback);
    window.addEventListener("pageshow", callback);
}

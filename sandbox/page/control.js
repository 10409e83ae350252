/**
 * The two kinds of calls that the page makes: reading the state, and touching.
 */

/** Everything that changed since `seen`, as soon as something has. */
export async function readChanges({run, revision, after}) {
    const query = new URLSearchParams({run, revision, after});
    const answer = await fetch(`/control/live?${query}`);
    if (!answer.ok) {
        throw new Error(answer.statusText);
    }
    return answer.json();
}

/**
 * Do something with a terminal.
 *
 * @returns {Promise<String>} why it was refused, or an empty text
 */
export async function touch(terminal, verb, data = {}) {
    const answer = await fetch(`/control/terminals/${terminal}/${verb}`, {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify(data),
    });
    return answer.ok ? "" : (await answer.json()).error;
}

/** What the pairing methods of `pos.sci.terminal` answer with, in each state. */

export const unpaired = {
    id: 7,
    name: "Counter",
    state: "unpaired",
    pairing_nickname: false,
    pairing_id: false,
    confirmation_code: false,
    tid: false,
    terminal_nickname: false,
    paired_at: false,
    last_checked_at: false,
    error: false,
    confirmed: false,
    can_pair: true,
    can_forget: false,
    is_copy: false,
    credentials_error: false,
    sandbox: false,
    registers: ["Front Bar"],
    payment_methods: ["Card"],
    suggested_nickname: "Front Bar",
};
export const confirming = {
    ...unpaired,
    state: "confirming",
    pairing_nickname: "Front Bar",
    pairing_id: "pid_1",
    confirmation_code: "0482",
};
export const paired = {
    ...unpaired,
    state: "paired",
    pairing_nickname: "Front Bar",
    pairing_id: "pid_1",
    tid: "10000001",
    terminal_nickname: "Terminal 1",
    paired_at: "2025-11-23T01:02:03",
    last_checked_at: "2025-11-23T02:02:03",
};

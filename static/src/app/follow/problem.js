import {NoAnswer} from "./sci_transport";

/** Why Odoo says nothing about a payment. */
export const PROBLEM = {
    noConnection: "no_connection",
    loggedOut: "logged_out",
    refused: "refused",
};

/** @returns {{code: string, message: string}} what a failed request means */
export function problemOf(error) {
    if (!(error instanceof NoAnswer)) {
        return {code: PROBLEM.refused, message: error.message};
    }
    const code = error.isLoggedOut ? PROBLEM.loggedOut : PROBLEM.noConnection;
    return {code, message: ""};
}

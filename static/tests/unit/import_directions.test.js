import {describe, expect, test} from "@odoo/hoot";

const APP = "@pos_mx51_sci/app/";

/** What each folder of the POS front end may import of the others. */
const ALLOWED = {
    follow: [],
    request: [],
    display: ["follow", "request", "components"],
    outcome: ["display", "follow", "request"],
};

/** Odoo's modules that the classes which follow a payment may need. */
const FOLLOW_NEEDS = [
    "@web/core/browser/browser",
    "@web/core/network/rpc",
    "@web/core/utils/concurrency",
];

function folderOf(module) {
    return module.startsWith(APP) ? module.slice(APP.length).split("/")[0] : "";
}

/** `[folder, module, imported module]` of all modules of the POS front end. */
function imports() {
    return [...odoo.loader.factories].flatMap(([module, {deps}]) =>
        deps.map((dep) => [folderOf(module), module, dep])
    );
}

describe("the front end", () => {
    test.tags("desktop");

    test("imports in one direction", () => {
        const wrong = imports().filter(
            ([folder, , dep]) =>
                folder in ALLOWED &&
                folderOf(dep) &&
                ![folder, ...ALLOWED[folder]].includes(folderOf(dep))
        );
        expect(wrong).toEqual([]);
    });

    test("follows payments without screens, with next to nothing of Odoo", () => {
        const needed = imports()
            .filter(([folder, , dep]) => folder === "follow" && !folderOf(dep))
            .map(([, , dep]) => dep);
        expect([...new Set(needed)].sort()).toEqual(FOLLOW_NEEDS);
    });
});

import {
    ACTIONS,
    LIMITS,
    inputValues,
    parseInstructions,
} from "@pos_mx51_sci/dialogs/action_form";
import {
    CANCEL,
    CERTIFICATION,
    PNG,
    column,
    entry,
    formOf,
    makeForm,
    row,
} from "../data/action_forms";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

let warnings = 0;

beforeEach(() => {
    warnings = 0;
    patchWithCleanup(console, {warn: () => warnings++});
});

/** What is drawn of the only element, without what is the same for all. */
function only(properties, label) {
    const {elements} = parseInstructions(formOf(properties, label));
    expect(elements.length).toBe(1);
    const {id, key, ...rest} = elements[0];
    expect(id).toBeOfType("number");
    expect(key).toBe("it");
    return rest;
}

function text(label, content) {
    return {type: "text", label, text: content};
}

describe("a text", () => {
    test.tags("desktop");
    for (const [title, value, shown] of [
        ["as given", "Hello", "Hello"],
        ["HTML stays text", "<b>&amp;</b>", "<b>&amp;</b>"],
        ["a number", 12.5, "12.5"],
        ["a truth value", true, "true"],
        ["missing", undefined, ""],
        ["null", null, ""],
        ["an object", {a: 1}, ""],
        ["a list", ["a"], ""],
    ]) {
        test(title, () => {
            expect(only({type: "text", text: value})).toEqual(text("Label", shown));
            expect(warnings).toBe(0);
        });
    }

    test("without a label", () => {
        expect(only({type: "text", text: "Hello"}, "")).toEqual(text("", "Hello"));
    });

    test("a label that is none", () => {
        expect(only({type: "text", text: "Hello"}, {a: 1}).label).toBe("");
    });

    test("a flood is cut", () => {
        const flood = "x".repeat(2_000_000);
        const shown = only({type: "text", text: flood}, flood);
        expect(shown.text.length).toBe(LIMITS.text + 1);
        expect(shown.label.length).toBe(LIMITS.text + 1);
    });
});

describe("a button", () => {
    test.tags("desktop");

    test("that the server submits", () => {
        expect(only({type: "button", submit: true, action: null})).toEqual({
            type: "button",
            label: "Label",
            submit: true,
        });
    });

    for (const action of ACTIONS) {
        test(`with the action ${action}`, () => {
            const button = {type: "button", label: "Label", action};
            expect(only({type: "button", submit_url: null, action})).toEqual(button);
            expect(warnings).toBe(0);
        });
    }

    for (const [title, properties] of [
        ["without a target", {}],
        ["with nulls", {submit: null, submit_url: null, action: null}],
        ["with an empty target", {submit_url: "", action: ""}],
        ["with an unknown action", {action: "FORMAT_DISK"}],
        ["with an action in lower case", {action: "transaction_complete"}],
        ["with an object for an action", {action: {code: "TRANSACTION_COMPLETE"}}],
        ["with the name of a method for an action", {action: "constructor"}],
        ["with a submit that is not one", {submit: "yes"}],
        ["with a URL of its own", {submit_url: "https://evil.example/"}],
    ]) {
        test(`${title} is text`, () => {
            expect(only({type: "button", ...properties})).toEqual(text("Label", ""));
            expect(warnings).toBe(1);
        });
    }

    test("without a label is named after its key", () => {
        const {elements} = parseInstructions(
            makeForm([row({key: "approve_signature"})], {
                approve_signature: {type: "button", submit: true},
            })
        );
        expect(elements[0].label).toBe("Approve signature");
    });
});

describe("an input", () => {
    test.tags("desktop");

    test("has a label and a name", () => {
        const input = {type: "input", label: "Label", name: "name_1"};
        expect(only({type: "input", name: "name_1"})).toEqual(input);
    });

    test("without a label shows its name", () => {
        expect(only({type: "input", name: "name_1"}, "").label).toBe("name_1");
    });

    for (const name of [undefined, null, "", 5, {}, ["a"]]) {
        test(`named ${JSON.stringify(name)} is text`, () => {
            expect(only({type: "input", name})).toEqual(text("Label", ""));
            expect(warnings).toBe(1);
        });
    }

    test("values go along by name, untouched ones are empty", () => {
        const form = parseInstructions(CERTIFICATION);
        const typed = new Map([
            ["name_1", "hello"],
            ["stray", "x"],
        ]);
        expect(inputValues(form, typed)).toEqual({name_1: "hello", name_2: ""});
        expect(inputValues(parseInstructions(CANCEL), typed)).toEqual({});
    });

    test("a name out of the depths of JavaScript is a name", () => {
        const form = parseInstructions(formOf({type: "input", name: "__proto__"}));
        const values = inputValues(form, new Map([["__proto__", "x"]]));
        expect(JSON.stringify(values)).toBe('{"__proto__":"x"}');
    });
});

describe("an image", () => {
    test.tags("desktop");
    const good = {type: "image", mime: "image/png", encoding: "base64", data: PNG};

    test("is a data URL", () => {
        const shown = {type: "image", label: "Label"};
        expect(only(good)).toEqual({...shown, src: `data:image/png;base64,${PNG}`});
    });

    for (const [mime, data] of [
        ["image/jpeg", "/9j/4AAQ"],
        ["image/jpg", "/9j/4AAQ"],
        ["image/gif", "R0lGODlhAQ=="],
        ["image/webp", "UklGRgAA"],
        ["IMAGE/PNG", PNG],
        ["image/png", `${PNG.slice(0, 20)}\n${PNG.slice(20)}`],
    ]) {
        test(`${mime} of ${data.length} characters is shown`, () => {
            const {src} = only({...good, mime, data});
            expect(src).toMatch(/^data:image\/[a-z]+;base64,[A-Za-z0-9+/]+=*$/);
        });
    }

    for (const [title, changes] of [
        ["SVG", {mime: "image/svg+xml", data: btoa("<svg onload='alert(1)'/>")}],
        ["HTML", {mime: "text/html", data: btoa("<script>alert(1)</script>")}],
        ["HTML that claims to be a PNG", {data: btoa("<script>alert(1)</script>")}],
        ["a PNG that claims to be a GIF", {mime: "image/gif"}],
        ["a type with more in it", {mime: "image/png;x,"}],
        ["no type", {mime: undefined}],
        ["no encoding", {encoding: undefined}],
        ["another encoding", {encoding: "hex"}],
        ["no data", {data: undefined}],
        ["empty data", {data: ""}],
        ["data that is no text", {data: [PNG]}],
        ["a URL", {data: "https://evil.example/x.png"}],
        ["a quote in the data", {data: `${PNG}"onerror="alert(1)`}],
        ["more than a megabyte", {data: PNG.slice(0, -2) + "A".repeat(1_500_000)}],
    ]) {
        test(`${title} is text`, () => {
            expect(only({...good, ...changes})).toEqual(text("Label", ""));
            expect(warnings).toBe(1);
        });
    }
});

describe("an element of no known kind is text", () => {
    test.tags("desktop");
    for (const [title, properties, shown] of [
        ["unknown type", {type: "signature_pad"}, text("Label", "")],
        ["with a text", {type: "notice", text: "Sign"}, text("Label", "Sign")],
        ["no type", {}, text("Label", "")],
        ["the name of a method", {type: "constructor"}, text("Label", "")],
        ["null", null, text("Label", "")],
        ["a number", 5, text("Label", "")],
        ["a list", ["text"], text("Label", "")],
    ]) {
        test(title, () => {
            expect(only(properties)).toEqual(shown);
            expect(warnings).toBe(1);
        });
    }

    test("without a label it is named after its key", () => {
        expect(only({type: "signature_pad"}, "")).toEqual(text("", "It"));
    });
});

describe("the layout", () => {
    test.tags("desktop");
    const properties = {
        a: {type: "text", text: "A"},
        b: {type: "text", text: "B"},
    };

    /** Rows as directions and keys, nested ones in lists. */
    function shape(layout, props = properties) {
        const draw = ({type, direction, key, items}) =>
            type === "row" ? [direction[0], ...items.map(draw)] : key;
        return parseInstructions(makeForm(layout, props)).rows.map(draw);
    }

    test("rows in both directions", () => {
        const layout = [row(entry("a"), entry("b")), column(entry("b"))];
        expect(shape(layout)).toEqual([
            ["h", "a", "b"],
            ["v", "b"],
        ]);
        expect(warnings).toBe(0);
    });

    test("rows in rows", () => {
        const layout = [column(entry("a"), row(entry("b"), column(entry("a"))))];
        expect(shape(layout)).toEqual([["v", "a", ["h", "b", ["v", "a"]]]]);
    });

    test("a row that is an element", () => {
        const nested = {...properties, inner: row(entry("a"), entry("b"))};
        expect(shape([column(entry("inner"))], nested)).toEqual([
            ["v", ["h", "a", "b"]],
        ]);
    });

    test("one row instead of a list", () => {
        expect(shape(row(entry("a")))).toEqual([["h", "a"]]);
    });

    test("an unknown direction stands upright", () => {
        expect(shape([{type: "grid", elements: [entry("a")]}])).toEqual([["v", "a"]]);
        expect(warnings).toBe(1);
    });

    test("the same element twice has two places on the screen", () => {
        const {elements} = parseInstructions(
            makeForm([row(entry("a"), entry("a"))], properties)
        );
        expect(new Set(elements.map(({id}) => id)).size).toBe(2);
    });

    test("an entry without an element shows its label", () => {
        expect(shape([row(entry("x", "Wait"), entry("a"))])).toEqual([["h", "x", "a"]]);
        expect(shape([row(entry("x"), entry("a"))])).toEqual([["h", "a"]]);
        expect(warnings).toBe(2);
    });

    for (const layout of [null, undefined, [], "x", 5, {}, [null], [[]], [row()]]) {
        test(`${JSON.stringify(layout)}: the elements, one below the other`, () => {
            expect(shape(layout)).toEqual([["v", "a", "b"]]);
        });
    }

    for (const entries of [null, "a", 5, [null], [5], ["a"], [[]], [{}]]) {
        test(`entries ${JSON.stringify(entries)} are left out`, () => {
            const layout = [{type: "horizontal_layout", elements: entries}];
            expect(shape([...layout, row(entry("a"))])).toEqual([["h", "a"]]);
        });
    }

    test("rows that hold themselves come to an end", () => {
        const loops = Array.from({length: 50}, () => entry("loop"));
        const {elements} = parseInstructions(
            makeForm([row(entry("loop"))], {
                loop: {type: "horizontal_layout", elements: [...loops, entry("a")]},
                ...properties,
            })
        );
        expect(elements.length).toBeLessThan(LIMITS.elements + 1);
    });

    test("more elements than anyone can use are cut", () => {
        const many = Array.from({length: 5000}, () => entry("a"));
        const form = parseInstructions(
            makeForm([row(...many), row(...many)], properties)
        );
        expect(form.elements.length).toBe(LIMITS.elements);
    });
});

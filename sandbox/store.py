"""Durable state: pairings and charges survive a restart."""

import json
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (kind, id)
);
CREATE TABLE IF NOT EXISTS charge (
    n INTEGER PRIMARY KEY AUTOINCREMENT, transaction_id TEXT NOT NULL, doc TEXT NOT NULL
);
"""


class Store:
    """Records by kind and id, and the list of charges, in one SQLite file.

    Used under the world's lock only, from whichever thread holds it.
    """

    def __init__(self, path):
        self._db = sqlite3.connect(path, check_same_thread=False)
        # FULL: what an answer reports is on disk before the answer leaves.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(SCHEMA)
        self._saved = {
            (kind, key): doc
            for kind, key, doc in self._db.execute("SELECT kind, id, doc FROM record")
        }

    def load(self, kind):
        """Every record of a kind, as dictionaries."""
        return [json.loads(doc) for (k, _), doc in self._saved.items() if k == kind]

    def save(self, records, charges):
        """Write the records that changed and the new charges, all or nothing.

        :param records: (kind, id, dictionary) of each record that may have changed
        :param charges: new charges as dictionaries with a transaction_id
        """
        changed = []
        for kind, key, data in records:
            doc = json.dumps(data)
            if self._saved.get((kind, key)) != doc:
                changed.append((kind, key, doc))
        if not changed and not charges:
            return
        with self._db:
            self._db.executemany("REPLACE INTO record VALUES (?, ?, ?)", changed)
            self._db.executemany(
                "INSERT INTO charge (transaction_id, doc) VALUES (?, ?)",
                [(charge["transaction_id"], json.dumps(charge)) for charge in charges],
            )
        self._saved.update({(kind, key): doc for kind, key, doc in changed})

    def charges(self):
        """Every movement of money, oldest first."""
        rows = self._db.execute("SELECT n, doc FROM charge ORDER BY n")
        return [{"n": n, **json.loads(doc)} for n, doc in rows]

    def clear(self):
        """Remove everything, including charges."""
        with self._db:
            self._db.execute("DELETE FROM record")
            self._db.execute("DELETE FROM charge")
        self._saved.clear()

    def close(self):
        self._db.close()

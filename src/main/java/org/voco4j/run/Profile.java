package org.voco4j.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.voco4j.engine.tensor.LayerTimes;
import org.voco4j.report.TextTable;

/**
 * Where the time went, by kinds of layers.
 *
 * @param rows of all rounds together; what is none of the kinds comes last
 * @param rounds how often the same was done
 */
public record Profile(List<LayerTimes.Row> rows, int rounds) {

    /** Copies the list. */
    public Profile {
        rows = List.copyOf(rows);
    }

    /** Seconds of a round, for a JSON document. */
    public List<Map<String, Object>> document() {
        List<Map<String, Object>> document = new ArrayList<>();
        for (LayerTimes.Row row : rows) {
            Map<String, Object> kind = new LinkedHashMap<>();
            kind.put("kind", row.kind());
            kind.put("calls", row.calls() / (double) rounds);
            kind.put("forward_s", Math.rint(row.forward() / rounds * 1e6) / 1e6);
            kind.put("backward_s", Math.rint(row.backward() / rounds * 1e6) / 1e6);
            kind.put("share", Math.rint(share(row) * 1e4) / 1e4);
            document.add(kind);
        }
        return document;
    }

    /** The same for a reader, a line of text each. */
    public List<String> lines() {
        TextTable table = new TextTable("kind", "calls", "forward s", "backward s", "share %");
        for (LayerTimes.Row row : rows) {
            table.row(
                    row.kind(),
                    String.format(Locale.ROOT, "%.0f", row.calls() / (double) rounds),
                    seconds(row.forward()),
                    seconds(row.backward()),
                    String.format(Locale.ROOT, "%.1f", 100 * share(row)));
        }
        return table.toString().lines().toList();
    }

    private String seconds(double all) {
        return String.format(Locale.ROOT, "%.4f", all / rounds);
    }

    private double share(LayerTimes.Row row) {
        double all = rows.stream().mapToDouble(LayerTimes.Row::seconds).sum();
        return all > 0 ? row.seconds() / all : 0;
    }
}

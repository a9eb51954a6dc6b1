package org.voco4j.run;

import java.util.List;
import org.apache.commons.csv.CSVFormat;

/** Lines of a table of comma-separated values (RFC 4180). */
public final class CsvText {
    private CsvText() {}

    /** A line; cells with commas, quotes or line ends are quoted. */
    public static String line(List<String> cells) {
        return CSVFormat.RFC4180.format(cells.toArray()) + "\n";
    }
}

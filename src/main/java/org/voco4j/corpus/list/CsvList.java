package org.voco4j.corpus.list;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.MissingNode;

/**
 * Scans in a table, paths relative to it. Columns:
 *
 * <ul>
 *   <li>{@code image}: the file; of a scan of several channels, several separated by {@code |}, or the further ones in
 *       {@code image_1}, {@code image_2}, …
 *   <li>{@code channels}: how many a single 4-D file holds
 *   <li>{@code label}: the label map; {@code patient}: whose scan it is; {@code stratum}: what it counts as in a
 *       stratified split
 *   <li>{@code split}: {@code train}, {@code val}, {@code test} (also {@code training}, {@code valid},
 *       {@code validation}), or the number of the fold in which it is held out
 * </ul>
 *
 * Only {@code image} has to be there; other columns are left alone. The tables of CC-CCII ({@code patient_id},
 * {@code scan_id} and a class) are read as they are: the scan is {@code pP-sS}, as the released code calls it, held out
 * if the table's name ends in {@code valid}. So is that of NIH ChestX-ray14 ({@link ChestXray14}).
 */
final class CsvList {
    private static final String IMAGE = "image";

    private CsvList() {}

    static ScanList read(Path file) throws IOException {
        return new ScanList(entries(CsvTable.read(file)), MissingNode.getInstance(), List.of());
    }

    /** Whether it is a table of CC-CCII. */
    static boolean isCcii(CsvTable table) {
        return table.has("patient_id") && table.has("scan_id") && !table.has(IMAGE);
    }

    /** The scans, in the order of the rows. */
    static List<ScanList.Entry> entries(CsvTable table) throws IOException {
        List<ScanList.Entry> entries = new ArrayList<>();
        if (isCcii(table)) {
            for (CsvTable.Row row : table.rows()) {
                entries.add(ccii(table, row));
            }
        } else if (table.has(IMAGE)) {
            for (CsvTable.Row row : table.rows()) {
                entries.add(entry(table, row));
            }
        } else if (ChestXray14.isIn(table)) {
            entries.addAll(ChestXray14.entries(table));
        } else {
            throw new IOException(
                    table.file() + ": expected a first line with the column image (and label, patient, split), found '"
                            + String.join(",", table.header()) + "'");
        }
        return List.copyOf(entries);
    }

    private static ScanList.Entry entry(CsvTable table, CsvTable.Row row) throws IOException {
        List<String> images = new ArrayList<>();
        for (String image : table.value(row, IMAGE).split("\\|", -1)) {
            images.add(image.strip());
        }
        for (int c = 1; table.has(IMAGE + "_" + c); c++) {
            images.add(table.value(row, IMAGE + "_" + c));
        }
        int blank = images.indexOf("");
        if (blank >= 0) {
            boolean first = table.value(row, IMAGE).split("\\|", -1).length > blank;
            throw table.wrong(row, first ? IMAGE : IMAGE + "_" + blank, "a file");
        }
        String patient = text(table, row, "patient");
        if (patient == null && table.has("patient")) {
            throw table.wrong(row, "patient", "a name");
        }
        int channels = images.size();
        String declared = text(table, row, "channels");
        if (declared != null) {
            Integer number = whole(declared);
            if (number == null || number < 1 || (channels > 1 && number != channels)) {
                throw table.wrong(row, "channels", channels > 1 ? "the number of files, " + channels : "a number");
            }
            channels = number;
        }
        String split = table.value(row, "split");
        Integer fold = whole(split);
        ScanList.Part part = fold != null || split.isEmpty() ? ScanList.Part.TRAINING : ScanList.Part.named(split);
        if (part == null) {
            throw table.wrong(row, "split", "train, val, test or the number of a fold");
        }
        return new ScanList.Entry(
                List.copyOf(images),
                channels,
                text(table, row, "label"),
                part,
                fold,
                patient,
                text(table, row, "stratum"));
    }

    private static ScanList.Entry ccii(CsvTable table, CsvTable.Row row) throws IOException {
        for (String column : List.of("patient_id", "scan_id")) {
            if (whole(table.value(row, column)) == null) {
                throw table.wrong(row, column, "a number");
            }
        }
        String name = "p" + table.value(row, "patient_id") + "-s" + table.value(row, "scan_id") + ".nii.gz";
        boolean held = String.valueOf(table.file().getFileName()).matches("(?i).*valid\\.csv");
        return new ScanList.Entry(
                List.of(name),
                1,
                null,
                held ? ScanList.Part.VALIDATION : ScanList.Part.TRAINING,
                null,
                "CC-CCII " + table.value(row, "patient_id"),
                text(table, row, "label"));
    }

    private static @Nullable String text(CsvTable table, CsvTable.Row row, String column) {
        String value = table.value(row, column);
        return value.isBlank() ? null : value;
    }

    private static @Nullable Integer whole(String value) {
        return value.matches("\\d{1,9}") ? Integer.valueOf(value) : null;
    }
}

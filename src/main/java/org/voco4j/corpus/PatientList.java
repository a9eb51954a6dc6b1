package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose scan a file is: a CSV with a header whose columns {@code file_or_folder} and {@code patient} are read, paths
 * relative to the CSV's folder. A folder speaks for everything below it, the nearest one first.
 */
final class PatientList {
    private final Map<Path, String> patients = new HashMap<>();

    static PatientList read(Path csv) throws IOException {
        PatientList list = new PatientList();
        List<String> lines = Files.readAllLines(csv);
        List<String> header = lines.isEmpty() ? List.of() : fields(lines.get(0));
        int file = header.indexOf("file_or_folder");
        int patient = header.indexOf("patient");
        if (file < 0 || patient < 0) {
            throw new IOException(csv + ": expected a first line with the columns file_or_folder and patient, found '"
                    + String.join(",", header) + "'");
        }
        for (int i = 1; i < lines.size(); i++) {
            List<String> row = fields(lines.get(i));
            if (lines.get(i).isBlank()) {
                continue;
            }
            if (row.size() <= Math.max(file, patient)
                    || row.get(file).isBlank()
                    || row.get(patient).isBlank()) {
                throw new IOException(
                        csv + ": expected a file and a patient in line " + (i + 1) + ", found '" + lines.get(i) + "'");
            }
            Path path = normal(csv.toAbsolutePath().resolveSibling(row.get(file)));
            String other = list.patients.put(path, row.get(patient));
            if (other != null && !other.equals(row.get(patient))) {
                throw new IOException(csv + ": " + row.get(file) + " has two patients, " + other + " and "
                        + row.get(patient) + " (line " + (i + 1) + ")");
            }
        }
        return list;
    }

    /** The patient of a file, or null if neither it nor a folder above it is listed. */
    @Nullable
    String of(Path file) {
        for (Path path = normal(file); path != null; path = path.getParent()) {
            String patient = patients.get(path);
            if (patient != null) {
                return patient;
            }
        }
        return null;
    }

    private static Path normal(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize(); // listed, but not here
        }
    }

    /** The fields of a line; quotes hold commas and doubled quotes. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else if (c != '\uFEFF') {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }
}

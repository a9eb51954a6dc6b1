package org.voco4j.corpus.list;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose scan a file is: a CSV with a header whose columns {@code file_or_folder} and {@code patient} are read, paths
 * relative to the CSV's folder. A folder speaks for everything below it, the nearest one first.
 */
public final class PatientList {
    private static final String FILE = "file_or_folder";
    private static final String PATIENT = "patient";

    private final Map<Path, String> patients = new HashMap<>();

    public static PatientList read(Path csv) throws IOException {
        PatientList list = new PatientList();
        CsvTable table = CsvTable.read(csv);
        if (!table.has(FILE) || !table.has(PATIENT)) {
            throw new IOException(csv + ": expected a first line with the columns file_or_folder and patient, found '"
                    + String.join(",", table.header()) + "'");
        }
        for (CsvTable.Row row : table.rows()) {
            String file = table.value(row, FILE);
            String patient = table.value(row, PATIENT);
            if (file.isBlank() || patient.isBlank()) {
                throw new IOException(csv + ": expected a file and a patient in line " + row.number() + ", found '"
                        + file + "' and '" + patient + "'");
            }
            Path named = csv.toAbsolutePath().resolveSibling(file);
            for (Path path : new LinkedHashSet<>(List.of(named.normalize(), real(named)))) {
                String other = list.patients.put(path, patient);
                if (other != null && !other.equals(patient)) {
                    throw new IOException(csv + ": " + file + " has two patients, " + other + " and " + patient
                            + " (line " + row.number() + ")");
                }
            }
        }
        return list;
    }

    /**
     * The patient of a file, or null if neither it nor a folder above it is listed. Of a link first the folders that it lies in count,
     * then those of what it leads to.
     */
    public @Nullable String of(Path file) {
        String patient = above(file.toAbsolutePath().normalize());
        return patient == null ? above(real(file)) : patient;
    }

    private @Nullable String above(Path file) {
        for (Path path = file; path != null; path = path.getParent()) {
            String patient = patients.get(path);
            if (patient != null) {
                return patient;
            }
        }
        return null;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize(); // listed, but not here
        }
    }
}

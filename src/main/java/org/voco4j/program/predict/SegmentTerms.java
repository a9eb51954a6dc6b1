package org.voco4j.program.predict;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.SegmentNames.CodedTerm;
import org.voco4j.volume.SegmentNames.Terms;

/**
 * The coded terms of classes by their names, those of the paper's data among them: {@code segment-terms.csv}.
 *
 * <p>Source: DICOM PS3.16, context groups 7150 (categories), 7154, 7152, 7140, 6300, 7159, 7166 (types), 244 (laterality).
 */
final class SegmentTerms {
    private static final Map<String, CodedTerm> CATEGORIES = Map.of(
            "Tissue", sct("85756007", "Tissue"),
            "Anatomical Structure", sct("91723000", "Anatomical Structure"),
            "Morphologically Abnormal Structure", sct("49755003", "Morphologically Abnormal Structure"));

    private static final Map<String, CodedTerm> MODIFIERS = Map.of(
            "right", sct("24028007", "Right"),
            "left", sct("7771000", "Left"),
            "anterior", sct("255549009", "Anterior"),
            "posterior", sct("255551008", "Posterior"));

    /** What a class is of which no more is known than that somebody outlined it. */
    private static final Terms UNKNOWN = new Terms(category("Tissue"), category("Tissue"), null);

    private static final Map<String, Terms> BY_WORDS = read();

    private SegmentTerms() {}

    /** The terms of a class: those of its name; else those of the name without a side, and the side; else a tissue. */
    static Terms of(String name) {
        String words = ClassWords.of(name);
        Terms own = BY_WORDS.get(words);
        if (own != null) {
            return own;
        }
        for (Map.Entry<String, CodedTerm> side : MODIFIERS.entrySet()) {
            List<String> rest = new ArrayList<>(List.of(words.split(" ")));
            Terms whole = rest.remove(side.getKey()) ? BY_WORDS.get(String.join(" ", rest)) : null;
            if (whole != null) {
                return new Terms(whole.category(), whole.type(), side.getValue());
            }
        }
        return UNKNOWN;
    }

    private static Map<String, Terms> read() {
        Map<String, Terms> terms = new TreeMap<>();
        try (@Nullable InputStream in = SegmentTerms.class.getResourceAsStream("segment-terms.csv")) {
            if (in == null) {
                throw new IllegalStateException("segment-terms.csv is missing from the program");
            }
            BufferedReader table = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            table.lines().skip(1).forEach(line -> {
                String[] row = line.split(",", -1); // names, category, scheme, code, meaning
                Terms one = new Terms(category(row[1]), new CodedTerm(row[3], row[2], row[4]), null);
                for (String name : row[0].split("\\|", -1)) {
                    terms.put(ClassWords.of(name), one);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return terms;
    }

    private static CodedTerm category(String meaning) {
        CodedTerm term = CATEGORIES.get(meaning);
        if (term == null) {
            throw new IllegalArgumentException("segment-terms.csv: no category '" + meaning + "'");
        }
        return term;
    }

    private static CodedTerm sct(String code, String meaning) {
        return new CodedTerm(code, "SCT", meaning);
    }
}

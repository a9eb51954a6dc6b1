package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What a DICOM header says of a patient, a study, a device and in identifiers, for tests of what must not be told. */
public final class HeaderTexts {
    private static final int LEAST = 5; // shorter texts are found in anything
    private static final int LEAST_DIGITS = 8; // and so are shorter numbers

    private HeaderTexts() {}

    /** All texts of a file's data set, in sequences too, that are neither numbers nor codes of the standard. */
    public static Set<String> of(Path file) throws IOException {
        DicomFile read = DicomFile.read(file);
        Set<String> texts = new TreeSet<>();
        add(read.data(), texts);
        add(read.meta(), texts);
        texts.remove(read.syntax().uid());
        return texts;
    }

    private static void add(DataSet set, Set<String> texts) {
        for (DataSet.Element element : set.elements()) {
            element.items().forEach(item -> add(item, texts));
            switch (element.vr()) {
                case AE, AS, DA, DT, LO, LT, PN, SH, ST, TM, UC, UI, UN, UR, UT ->
                    set.strings(element.tag()).stream()
                            .filter(HeaderTexts::isTelling)
                            .forEach(texts::add);
                default -> {}
            }
        }
    }

    private static boolean isTelling(String text) {
        boolean digits = text.chars().allMatch(Character::isDigit);
        return text.chars().allMatch(c -> c >= ' ' && c < 127)
                && text.chars().distinct().count() > 2
                && text.length() >= (digits ? LEAST_DIGITS : LEAST);
    }
}

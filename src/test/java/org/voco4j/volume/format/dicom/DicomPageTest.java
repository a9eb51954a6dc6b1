package org.voco4j.volume.format.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.voco4j.volume.format.DicomPage;
import org.voco4j.volume.format.dicom.codec.FrameCodecs;

/** What docs/reference/dicom.md says is read and refused is what the reader knows. */
class DicomPageTest {
    private static final String ROOT = "1.2.840.10008.1.2";

    @Test
    void transferSyntaxes() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>(); // name → the ends of its identifiers
        for (String plain : new String[] {"", ".1", ".1.99", ".2", ".5"}) {
            rows.put(TransferSyntax.of(ROOT + plain).name() + " | read", plain);
        }
        for (int number = 50; number < 300; number++) {
            String uid = ROOT + ".4." + number;
            String refused = FrameCodecs.refused(uid);
            if (FrameCodecs.of(uid) != null) {
                rows.put(TransferSyntax.of(uid).name() + " | read", ".4." + number);
            } else if (refused != null) {
                rows.merge(refused + " | refused", ".4." + number, (some, one) -> some + ", " + one);
            }
        }
        StringBuilder table = new StringBuilder("| transfer syntax | | " + ROOT + " … |\n|---|---|---|\n");
        rows.forEach((name, ends) -> table.append("| " + name + " | " + ends + " |\n"));
        assertThat(DicomPage.text("dicom-syntaxes.md", table))
                .as("it is in target/reference/parts/dicom-syntaxes.md")
                .contains(table);
    }

    @Test
    void objects() throws IOException {
        StringBuilder table = new StringBuilder("| object | |\n|---|---|\n| an image of any class | read |\n");
        for (ObjectKind kind : ObjectKind.values()) {
            boolean labels = kind == ObjectKind.SEGMENTATION || kind == ObjectKind.LABEL_MAP;
            table.append("| " + kind.words + (labels ? " | read as a label map |\n" : " | refused |\n"));
        }
        assertThat(DicomPage.text("dicom-objects.md", table))
                .as("it is in target/reference/parts/dicom-objects.md")
                .contains(table);
    }
}

package org.voco4j.volume.format.dicom;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects of DICOM that are no images, by the class they are stored in (PS3.4 annex B.5) or else their modality. */
enum ObjectKind {
    DIRECTORY("a directory of files (DICOMDIR)", "1.3.10", ""),
    RT_DOSE("a dose of radiotherapy (RTDOSE)", "5.1.4.1.1.481.2", "RTDOSE"),
    RT_STRUCTURES("structures of radiotherapy (RTSTRUCT)", "5.1.4.1.1.481.3", "RTSTRUCT"),
    RT_OTHER("an object of radiotherapy", "5.1.4.1.1.481.", "RTPLAN"),
    SEGMENTATION("a segmentation (SEG)", "5.1.4.1.1.66.4", "SEG"),
    LABEL_MAP("a segmentation by label map (SEG)", "5.1.4.1.1.66.7", ""),
    SURFACE("a segmentation by surfaces", "5.1.4.1.1.66.5", ""),
    REGISTRATION("a registration (REG)", "5.1.4.1.1.66.", "REG"),
    RAW("raw data", "5.1.4.1.1.66", ""),
    KEY_OBJECTS("a selection of images (KO)", "5.1.4.1.1.88.59", "KO"),
    REPORT("a report (SR)", "5.1.4.1.1.88.", "SR"),
    PRESENTATION("a way to show images (PR)", "5.1.4.1.1.11.", "PR"),
    DOCUMENT("a document", "5.1.4.1.1.104.", "DOC"),
    PARAMETRIC_MAP("a parametric map", "5.1.4.1.1.30", ""),
    WAVEFORM("a waveform", "5.1.4.1.1.9.", "ECG"),
    NO_PIXELS("an object without pixels", "", "");

    private static final String ROOT = "1.2.840.10008.";

    /** What it is, in words. */
    final String words;

    private final String suffix;
    private final String modality;

    ObjectKind(String words, String suffix, String modality) {
        this.words = words;
        this.suffix = suffix;
        this.modality = modality;
    }

    /** What a file holds that is no image; null if it holds one. */
    static @Nullable ObjectKind of(DicomFile file) {
        String stored = file.meta().string(Tag.MEDIA_STORAGE_SOP_CLASS_UID);
        String said = file.data().string(Tag.SOP_CLASS_UID);
        String modality = file.data().string(Tag.MODALITY);
        for (ObjectKind kind : values()) {
            for (String uid : List.of(said == null ? "" : said, stored == null ? "" : stored)) {
                boolean family = kind.suffix.endsWith(".");
                if (!kind.suffix.isEmpty()
                        && (family ? uid.startsWith(ROOT + kind.suffix) : uid.equals(ROOT + kind.suffix))) {
                    return kind;
                }
            }
            if (!kind.modality.isEmpty() && kind.modality.equals(modality)) {
                return kind;
            }
        }
        return file.pixels() == null ? NO_PIXELS : null;
    }
}

package org.voco4j.corpus.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.Inventory.Role;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.corpus.verify.VerifyList.Listed;
import org.voco4j.volume.Orient;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.VolumeHeader;

/**
 * What one file holds.
 *
 * @param listed where it lies and what is said about it
 * @param header null if that could not be read
 * @param cut whether it is a label map that keeps only slices that show something
 * @param voxels null if they could not be read to the end
 * @param blocks null of label maps and of what has none
 * @param fault why it could not be read, or null
 */
record FileFacts(
        Listed listed,
        @Nullable VolumeHeader header,
        boolean cut,
        @Nullable VoxelFacts voxels,
        @Nullable CoarseGrid blocks,
        @Nullable VolumeFormatException fault) {

    /** What it is: what is said about it, else what its voxels say, else an image. */
    Role role() {
        if (listed.role != Role.UNKNOWN) {
            return listed.role;
        }
        return voxels != null && voxels.labelMap() != null ? Role.LABEL : Role.IMAGE;
    }

    boolean isImage() {
        return role() == Role.IMAGE;
    }

    /** For a JSON document. */
    Map<String, Object> document(@Nullable Object image, @Nullable String patient) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("path", listed.file.toString());
        document.put("role", isImage() ? "image" : "label");
        if (header != null) {
            document.put(
                    "shape",
                    List.of(
                            header.shape().x(),
                            header.shape().y(),
                            header.shape().z()));
            document.put("volumes", header.channels());
            document.put("dataType", header.dataType());
            document.put("orientation", Orient.codes(header.affine()));
            document.put(
                    "spacingMm",
                    List.of(
                            header.affine().spacing().x(),
                            header.affine().spacing().y(),
                            header.affine().spacing().z()));
        }
        if (voxels != null) {
            boolean some = voxels.nonFinite() < voxels.voxels();
            document.put("min", some ? voxels.low() : null);
            document.put("max", some ? voxels.high() : null);
            document.put("nonFinite", voxels.nonFinite());
        }
        if (!isImage()) {
            Map<String, Long> classes = new LinkedHashMap<>();
            if (voxels != null) {
                voxels.classes().forEach((value, count) -> classes.put(FindingWords.number(value), count));
            }
            document.put("classes", classes);
            document.put("image", image == null ? null : image.toString());
        }
        document.put("patient", patient);
        document.put("part", listed.part == null ? null : FindingWords.part(listed.part));
        return document;
    }
}

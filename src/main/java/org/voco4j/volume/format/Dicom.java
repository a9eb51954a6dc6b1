package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.VolumeHeader.Doubt;
import org.voco4j.volume.format.dicom.DicomFile;
import org.voco4j.volume.format.dicom.Headers;
import org.voco4j.volume.format.dicom.SeriesSorter;
import org.voco4j.volume.format.dicom.SeriesSorter.Series;
import org.voco4j.volume.format.dicom.Stack;

/**
 * DICOM images, as scanners write them: a folder with a file for each slice, or a file of several frames.
 *
 * <p>Files are known by their content, whatever their names. A volume of several files is named by its folder where that holds
 * no other, else by the first of its files once {@link #group} or {@link #series} has told the files apart; any other
 * file is a volume of its own frames.
 */
final class Dicom implements VolumeFormat {
    private static final List<String> ENDINGS = List.of(".dcm", ".dicom", ".ima");

    private final Headers headers = new Headers();
    private final Map<Path, List<Path>> members = new ConcurrentHashMap<>(); // of series that share a folder
    private volatile boolean fixGeometry;

    /** Whether slices at uneven distances, with gaps or of a tilted gantry are resampled rather than refused. */
    void fixGeometry(boolean fix) {
        fixGeometry = fix;
    }

    @Override
    public String name() {
        return "DICOM";
    }

    @Override
    public List<String> endings() {
        return ENDINGS;
    }

    @Override
    public boolean reads(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
        if (ENDINGS.stream().anyMatch(name::endsWith)) {
            return true;
        }
        try {
            return Files.isRegularFile(file) && DicomFile.is(file);
        } catch (IOException e) {
            return false; // not an image that anyone can read
        }
    }

    @Override
    public boolean readsFolder(Path folder) {
        try {
            return listed(folder).stream().anyMatch(this::reads);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean writes(Path file) {
        return false;
    }

    @Override
    public Grouped group(List<Path> files) {
        Map<Path, List<Path>> byFolder = new TreeMap<>();
        for (Path file : files) {
            byFolder.computeIfAbsent(file.resolveSibling(""), folder -> new ArrayList<>())
                    .add(file);
        }
        List<Path> volumes = new ArrayList<>();
        Map<Path, String> others = new TreeMap<>();
        for (Map.Entry<Path, List<Path>> folder : byFolder.entrySet()) {
            SeriesSorter sorted = SeriesSorter.of(folder.getValue(), headers);
            boolean alone = sorted.volumes().size() == 1 && sorted.broken().isEmpty();
            for (Series series : sorted.volumes()) {
                volumes.add(named(folder.getKey(), series, alone));
            }
            volumes.addAll(sorted.broken().keySet());
            others.putAll(sorted.others());
        }
        return new Grouped(volumes, others);
    }

    private Path named(Path folder, Series series, boolean alone) {
        List<Path> files = series.files();
        Path first = files.get(0);
        if (alone && files.size() > 1) {
            return folder;
        }
        if (files.size() > 1) {
            members.put(key(first), files);
        } else {
            members.remove(key(first));
        }
        return first;
    }

    /**
     * Chooses a series of a folder: what its volume is named by from then on.
     *
     * @param wanted its Series Instance UID, or its number in the list that a refusal of the folder gives
     * @throws VolumeFormatException with that list if there is no such one
     */
    Path series(Path folder, String wanted) throws IOException {
        SeriesSorter sorted = SeriesSorter.of(listed(folder), headers);
        List<Series> found = new ArrayList<>();
        for (int i = 0; i < sorted.volumes().size(); i++) {
            Series series = sorted.volumes().get(i);
            if (wanted.equals(series.uid()) || wanted.equals(Integer.toString(i + 1))) {
                found.add(series);
            }
        }
        if (found.size() != 1) {
            throw new VolumeFormatException(
                    folder,
                    "one series of the number or the Series Instance UID that was given",
                    (found.isEmpty() ? "none" : found.size() + " volumes") + " among " + list(sorted.volumes()));
        }
        return named(
                folder,
                found.get(0),
                sorted.volumes().size() == 1 && sorted.broken().isEmpty());
    }

    private static String list(List<Series> volumes) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < volumes.size(); i++) {
            words.add((i + 1) + ": " + volumes.get(i).words());
        }
        return volumes.size() + " series (" + String.join("; ", words) + ")";
    }

    /** The files of a folder that may be slices. */
    private List<Path> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(file -> Files.isRegularFile(file) && reads(file))
                    .sorted()
                    .toList();
        }
    }

    private static Path key(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private Stack stack(Path path) throws IOException {
        boolean folder = Files.isDirectory(path);
        SeriesSorter sorted =
                SeriesSorter.of(folder ? listed(path) : members.getOrDefault(key(path), List.of(path)), headers);
        for (VolumeFormatException broken : sorted.broken().values()) {
            throw broken;
        }
        List<Series> volumes = sorted.volumes();
        if (volumes.size() == 1) {
            return Stack.of(path, volumes.get(0), fixGeometry);
        }
        if (volumes.isEmpty()) {
            throw new VolumeFormatException(
                    path,
                    Fault.NOT_A_VOLUME,
                    "an image",
                    sorted.others().values().stream().findFirst().orElse("no file of DICOM"));
        }
        throw new VolumeFormatException(path, Fault.DIMENSION, "one series, or --series to choose one", list(volumes));
    }

    private static Affine affine(Path path, Stack stack) throws VolumeFormatException {
        return HeaderChecks.affine(
                path,
                stack.steps(),
                stack.origin(),
                new double[] {-1, -1, 1},
                "ImagePositionPatient, ImageOrientationPatient and PixelSpacing");
    }

    @Override
    public List<Path> files(Path path) throws IOException {
        return stack(path).files();
    }

    @Override
    public VolumeHeader header(Path path) throws IOException {
        Stack stack = stack(path);
        HeaderChecks.sizes(
                path, stack.shape().x(), stack.shape().y(), stack.shape().z());
        List<Doubt> doubts = new ArrayList<>();
        if (!stack.missing().isEmpty()) {
            doubts.add(new Doubt(
                    Doubt.Subject.IDENTIFIERS,
                    "identifiers of the object, the study, the series and the patient",
                    String.join(", ", stack.missing()) + " empty in every file"));
        }
        return new VolumeHeader(stack.shape(), 1, affine(path, stack), stack.dataType(), doubts);
    }

    @Override
    public Volume read(Path path) throws IOException {
        VolumeHeader header = header(path);
        return new Volume(header.shape(), header.affine(), stack(path).voxels(threads()));
    }

    @Override
    public void visit(Path path, SliceVisitor visitor) throws IOException {
        VolumeHeader header = header(path);
        stack(path)
                .visit(threads(), slice -> visitor.visit(slice, header.shape().x()));
    }

    private static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public void write(Volume volume, Path file, Stored type) {
        throw new IllegalArgumentException(file + ": images of DICOM are read and not written; name it .nii.gz");
    }
}

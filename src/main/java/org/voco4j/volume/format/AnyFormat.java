package org.voco4j.volume.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.voco4j.file.StandIn;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;

/** Several formats as one: each file is the business of the one that its name tells. */
record AnyFormat(List<VolumeFormat> formats) implements VolumeFormat {

    @Override
    public String name() {
        return formats.stream().map(VolumeFormat::name).collect(Collectors.joining(", "));
    }

    @Override
    public List<String> endings() {
        return formats.stream().flatMap(format -> format.endings().stream()).toList();
    }

    @Override
    public boolean writes(Path file) {
        return formats.stream().anyMatch(format -> format.writes(file));
    }

    @Override
    public boolean reads(Path file) {
        return formats.stream().anyMatch(format -> format.reads(file));
    }

    @Override
    public boolean readsFolder(Path folder) {
        return formats.stream().anyMatch(format -> format.readsFolder(folder));
    }

    @Override
    public Grouped group(List<Path> files) throws IOException {
        Map<VolumeFormat, List<Path>> byFormat = new LinkedHashMap<>();
        for (Path file : files) {
            byFormat.computeIfAbsent(Formats.of(file, formats), format -> new ArrayList<>())
                    .add(file);
        }
        List<Path> volumes = new ArrayList<>();
        Map<Path, String> others = new TreeMap<>();
        for (Map.Entry<VolumeFormat, List<Path>> each : byFormat.entrySet()) {
            Grouped grouped = each.getKey().group(each.getValue());
            volumes.addAll(grouped.volumes());
            others.putAll(grouped.others());
        }
        volumes.sort(null);
        return new Grouped(volumes, others);
    }

    /** The format of a file or folder to read; a pipe would be waited for without end. */
    private VolumeFormat of(Path file) throws VolumeFormatException {
        if (Files.isDirectory(file)) {
            for (VolumeFormat format : formats) {
                if (format.readsFolder(file)) {
                    return format;
                }
            }
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new VolumeFormatException(
                    file, "a file", Files.isDirectory(file) ? "a folder" : "a pipe, socket or device");
        }
        return Formats.of(file, formats);
    }

    /** The format of a file that is there, unless something else lies in its place. */
    private VolumeFormat reader(Path file) throws IOException {
        VolumeFormat format = of(file);
        String standIn = StandIn.of(file);
        if (standIn != null) {
            throw new VolumeFormatException(file, "a file of " + format.name(), standIn);
        }
        return format;
    }

    @Override
    public List<Path> files(Path file) throws IOException {
        return reader(file).files(file);
    }

    @Override
    public VolumeHeader header(Path file) throws IOException {
        return reader(file).header(file);
    }

    @Override
    public boolean isCut(Path file) throws IOException {
        return reader(file).isCut(file);
    }

    @Override
    public Volume read(Path file) throws IOException {
        return reader(file).read(file);
    }

    @Override
    public Volume read(Path file, int channel) throws IOException {
        return reader(file).read(file, channel);
    }

    @Override
    public void visit(Path file, SliceVisitor visitor) throws IOException {
        reader(file).visit(file, visitor);
    }

    @Override
    public void write(Volume volume, Path file, Stored type) throws IOException {
        Formats.of(file, formats).write(volume, file, type);
    }
}

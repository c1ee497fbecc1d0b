import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryTensors

/// The state of one network, read from a file of tensors: its parameters and, where layers keep them, running averages.
///
/// ```swift
/// let checkpoint = try NetworkCheckpoint(URL(filePath: "trained.safetensors"), for: network)
/// options.checkpoint = checkpoint
/// ```
///
/// Parameters are those that the network multiplies with, w = unit · ω, in the names and shapes of ``tensors(of:)``: `W1` (fan-out,
/// fan-in), `b1`, … of a perceptron, `0.weight`, `2.gain`, … of other networks. A perceptron's may also be named by the places of its
/// layers, `0.weight`, `0.bias`, `2.weight`, …, as PyTorch's `Sequential` does. Numbers of any floating-point type are read and
/// rounded to the precision that the network runs in.
public struct NetworkCheckpoint: Sendable {
  /// A tensor of a network's state.
  public struct Entry: Hashable, Sendable {
    public let name: String
    public let shape: [Int]

    public init(_ name: String, shape: [Int]) {
      self.name = name
      self.shape = shape
    }
  }

  /// The file, as the caller named it.
  public let file: String
  /// The SHA-256 digest of the file.
  public let digest: Digest
  /// Texts that the writer has added: Orrery itself writes `run`, the run's hash, and `step`.
  public let metadata: [String: String]
  /// By name, as the file holds them.
  public let tensors: [String: NumericArray]

  /// Reads a safetensors file, all of which has to be this network's state.
  ///
  /// - Parameter precision: what the network runs in; numbers that are too large for it are not finite.
  /// - Throws: ``CheckpointError`` for tensors that are missing, extra, misshapen, of other types or not finite; `FormatError` for a file
  ///   that is not there or no safetensors file; `NetworkError` when the network's own layers do not fit.
  public init(_ url: URL, for network: ResolvedNetwork, precision: Precision = .float32) throws {
    let entries = try Self.tensors(of: network)
    let source = try Safetensors(url)
    file = url.isFileURL ? url.relativePath : url.absoluteString
    digest = try Digest(contentsOf: url)
    metadata = source.metadata
    var tensors: [String: NumericArray] = [:]
    let named = Self.byPlaces(source.names, entries, network)
    var faults = Self.misfits(source.names.map { Entry(named[$0] ?? $0, shape: source.shape(of: $0) ?? []) }, entries)
    let scalar: any TensorScalar.Type = if precision == .float64 { Double.self } else { Float.self }
    let known = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.shape) })
    // Only what has its shape is read: anything else may be of any size.
    for written in source.names {
      let name = named[written] ?? written
      guard known[name] == source.shape(of: written) else { continue }
      let array = try source.read(written)
      if let fault = Self.fault(array, name, as: scalar) { faults.append(fault) }
      tensors[name] = array
    }
    guard faults.isEmpty else { throw CheckpointError(file: file, faults: faults) }
    self.tensors = tensors
  }

  /// Every tensor of a network's state, in order: parameters, then running averages.
  ///
  /// - Throws: `NetworkError`, ``TrainingSetupError`` or ``ExperimentError`` for a network that cannot be run.
  public static func tensors(of network: ResolvedNetwork) throws -> [Entry] {
    let lowered = try LoweredNetwork(
      network.architecture.layers, inputShape: network.inputShape, samples: 1, mode: .evaluation)
    return try NetworkParameters(network).layout.tensors.map { Entry($0.name, shape: $0.shape) }
      + lowered.averages.map { Entry($0.name, shape: $0.shape) }
  }

  /// The names of a perceptron's tensors by the names of a file that numbers layers; empty for any other file.
  private static func byPlaces(_ names: [String], _ entries: [Entry], _ network: ResolvedNetwork) -> [String: String] {
    let places = names.compactMap { name -> (place: Int, isBias: Int, name: String)? in
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, let place = Int(parts[0]), let kind = ["weight", "bias"].firstIndex(of: parts[1]) else {
        return nil
      }
      return (place, kind, name)
    }
    guard network.perceptron != nil, places.count == names.count, places.count == entries.count else { return [:] }
    let sorted = places.sorted { ($0.place, $0.isBias) < ($1.place, $1.isBias) }
    return Dictionary(uniqueKeysWithValues: zip(sorted.map(\.name), entries.map(\.name)))
  }

  /// Tensors that are missing, extra or misshapen.
  private static func misfits(_ found: [Entry], _ wanted: [Entry]) -> [CheckpointError.Fault] {
    let shapes = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.shape) })
    let names = Set(wanted.map(\.name))
    return wanted.compactMap { entry in
      guard let shape = shapes[entry.name] else { return .missing(entry.name, shape: entry.shape) }
      return shape == entry.shape ? nil : .misshapen(entry.name, shape: shape, wanted: entry.shape)
    } + found.filter { !names.contains($0.name) }.map { .extra($0.name, shape: $0.shape) }
  }

  /// What is wrong with the elements of a tensor.
  private static func fault(
    _ array: NumericArray, _ name: String, as scalar: any TensorScalar.Type
  ) -> CheckpointError.Fault? {
    guard array.elementType.isFloatingPoint else { return .wrongType(name, array.elementType) }
    do {
      try array.requireFinite(as: scalar)
    } catch let error as FormatError {
      return .notFinite(name, problem: error.problem)
    } catch {
      return .notFinite(name, problem: "\(error)")
    }
    return nil
  }

  /// All numbers one behind the other, in the order of ``tensors(of:)``.
  ///
  /// - Throws: ``CheckpointError`` when it is not of this network, or has numbers that are too large for the scalars.
  func flat<Scalar: ExperimentScalar>(_ network: ResolvedNetwork) throws -> [Scalar] {
    let entries = try Self.tensors(of: network)
    var faults = Self.misfits(tensors.sorted { $0.key < $1.key }.map { Entry($0.key, shape: $0.value.shape) }, entries)
    if faults.isEmpty {
      // It may have been read for another precision.
      faults = entries.compactMap { Self.fault(tensors[$0.name]!, $0.name, as: Scalar.self) }
    }
    guard faults.isEmpty else { throw CheckpointError(file: file, faults: faults) }
    return entries.flatMap { tensors[$0.name]!.elements(as: Scalar.self).elements }
  }
}

/// z_{y x u} = b_u + Σ_{j i c} W_{u j i c} x_{y t + j − p, x t + i − p, c}: images (height, width, channels) → (out height, out
/// width, units), with stride t and padding p; see ``WindowPadding``.
///
/// Weights are (units, kernel height, kernel width, channels) with a fan-in of kernel height · kernel width · channels.
/// In a description: `convolution: { units: 32, kernel: 3, stride: 1, padding: same }`; all but `units` may be left out.
public struct Convolution: LayerDescription {
  public static let key = "convolution"
  /// Channels that leave.
  public var units: Int
  public var kernel: ImageExtents
  public var stride: ImageExtents
  public var padding: WindowPadding
  /// Where in the network this layer stands, which fixes its parameters' roles.
  public var role: ParameterRole

  public init(
    units: Int, kernel: ImageExtents = 3, stride: ImageExtents = 1, padding: WindowPadding = .same,
    role: ParameterRole = .hidden
  ) {
    self.units = units
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.role = role
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    units = try container.decode(Int.self, forKey: .units)
    kernel = try container.decodeIfPresent(ImageExtents.self, forKey: .kernel) ?? 3
    stride = try container.decodeIfPresent(ImageExtents.self, forKey: .stride) ?? 1
    padding = try WindowPadding.decode(container, .padding) ?? .same
    role = try container.decodeIfPresent(ParameterRole.self, forKey: .role) ?? .hidden
  }

  /// - Throws: `NetworkError` for units, a kernel or a stride out of range.
  public func validate() throws {
    try LayerBounds.check(units: units, of: "a convolution")
    try ImageShape.check(kernel, stride, what: "a convolution", key: "kernel")
  }

  /// - Throws: `NetworkError` unless images enter, the kernel fits, and sizes are within ``LayerBounds``.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try validate()
    let places = try ImageShape.windows(inputShape, kernel, stride, padding, what: "a convolution")
    let weights = [units, kernel.height, kernel.width, inputShape[2]]
    guard LayerBounds.product(weights, atMost: LayerBounds.largestTensor) != nil else {
      throw LayerBounds.tooManyParameters(weights)
    }
    return places + [units]
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    let channels = inputShape.last ?? 1
    let places = kernel.height * kernel.width
    return [
      ParameterDescription(
        name: "weight", shape: [units, kernel.height, kernel.width, channels], fanIn: places * channels,
        fanOut: places * units, role: role),
      ParameterDescription(
        name: "bias", shape: [units], fanIn: 1, role: role == .readout ? .readoutBias : .hiddenBias),
    ]
  }
}

extension WindowPadding {
  /// A padding by name; nil where the key is left out.
  static func decode<Key: CodingKey>(_ container: KeyedDecodingContainer<Key>, _ key: Key) throws -> WindowPadding? {
    guard let name = try container.decodeIfPresent(String.self, forKey: key) else { return nil }
    guard let padding = WindowPadding(rawValue: name) else {
      throw NetworkError(
        .unknownName, "there is no padding called '\(name)'",
        remedy: Spelling.remedy(for: name, among: allCases.map(\.rawValue)), key: key.stringValue)
    }
    return padding
  }
}

/// A number of a generic type as the type that it turned out to be: a conversion between generic numbers would cost as much
/// as a short array.
@inline(__always)
func cast<From, To>(_ number: From) -> To { unsafeBitCast(number, to: To.self) }

/// Arrays of a generic element type, as arrays of the type that it turned out to be.
@inline(__always)
func cast<From, To>(_ pointer: UnsafePointer<From>) -> UnsafePointer<To> {
  UnsafeRawPointer(pointer).assumingMemoryBound(to: To.self)
}

@inline(__always)
func cast<From, To>(_ pointer: UnsafeMutablePointer<From>) -> UnsafeMutablePointer<To> {
  UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: To.self)
}

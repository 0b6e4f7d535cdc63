//! Ctrl-C where no prompt reads keys: in a menu between two keys, and while an editor is open. A
//! closed terminal and a request to end count as Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether Ctrl-C was pressed and nobody has answered it yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Notes Ctrl-C from now on, instead of dying of it. To be called from the thread that prompts.
    ///
    /// A menu that is about to wait for a key would wait on, so its thread is woken until it has
    /// seen the note.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn watch() -> Result<Self, ctrlc::Error> {
        let (noted, wake) = (Self::default(), waker());
        let note = noted.clone();
        ctrlc::set_handler(move || {
            note.0.store(true, Ordering::SeqCst);
            for _ in 0..25 {
                std::thread::sleep(std::time::Duration::from_millis(40));
                if !note.0.load(Ordering::SeqCst) {
                    break;
                }
                wake();
            }
        })?;
        Ok(noted)
    }

    /// Whether it was pressed; from then on it is answered.
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::SeqCst)
    }
}

/// What makes a system call of this thread return early.
#[cfg(unix)]
fn waker() -> impl Fn() + Send + 'static {
    use nix::sys::{pthread, signal::Signal};
    let thread = pthread::pthread_self();
    move || {
        // A thread that has ended needs no waking.
        let _ = pthread::pthread_kill(thread, Signal::SIGINT);
    }
}

#[cfg(not(unix))]
fn waker() -> impl Fn() + Send + 'static {
    || ()
}
